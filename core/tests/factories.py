"""Builders of test data; each call makes one valid row."""

from typing import Any

from core.enums import AccessLevel
from core.models import Role, RoleGrant, Team, User
from core.services.setup import ensure_defaults
from core.services.teams import create_team

_numbers = iter(range(1, 10**9))


def make_team(name: str = "", parent: Team | None = None) -> Team:
    return create_team(actor=None, name=name or f"Team {next(_numbers)}", parent=parent)


def make_role(key: str = "", **grants: str) -> Role:
    """A role with grants: `make_role(contact="view:all,change:own")`."""
    number = next(_numbers)
    role = Role.objects.create(key=key or f"role-{number}", name=f"Role {number}")
    for record_type, text in grants.items():
        levels = dict(part.split(":") for part in text.split(",")) if text else {}
        if "delete" in levels:
            levels["remove"] = levels.pop("delete")
        RoleGrant.objects.create(
            role=role, record_type=record_type, **{k: AccessLevel(v) for k, v in levels.items()}
        )
    return role


def make_user(role: str | Role = "", team: Team | None = None, **fields: Any) -> User:
    """A person who can log in with the password `pass-word-1`; `role` is a default role's key or a Role."""
    number = next(_numbers)
    fields.setdefault("email", f"person{number}@example.com")
    fields.setdefault("name", f"Person {number}")
    user: User = User.objects.create_user(password="pass-word-1", team=team, **fields)
    if isinstance(role, str) and role:
        if not Role.objects.filter(key=role).exists():
            ensure_defaults(actor=None)
        role = Role.objects.get(key=role)
    if isinstance(role, Role):
        user.roles.add(role)
    return user
