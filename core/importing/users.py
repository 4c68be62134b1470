"""The target «users»: people who work with the CRM, their teams by manager and region.

Nobody whom a file brings can log in: they have no password until they are invited.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import ImportRowFate
from core.importing.problems import Problem
from core.importing.references import ChoiceResolver
from core.importing.rows import ImportContext, Row
from core.importing.style import BadValue
from core.importing.targets import ImportField, ImportTarget
from core.models import Role, Team, User
from core.services.teams import create_team


def clean_email(value: str) -> str:
    """The address in lower case. Raises BadValue for what can't be one."""
    name, at, domain = value.strip().lower().rpartition("@")
    if not at or not name or "." not in domain or " " in value.strip() or len(value) > 254:
        raise BadValue(_("“%(text)s” is not an e-mail address.") % {"text": value[:60]})
    return f"{name}@{domain}"


def _roles() -> list[tuple[str, str]]:
    return list(Role.objects.order_by("pk").values_list("key", "name"))


class UserTarget(ImportTarget):
    """One line is one person. A manager named in a line is a person too, with a team of their own below the
    team of the region; the line's person is put into it. Known people keep their e-mail and roles."""

    key = "users"
    label = gettext_lazy("Users")
    icon = "users-group"
    record_type = "user"
    model = User
    chunk: ClassVar[int] = 500

    def fields(self) -> Sequence[ImportField]:
        return (
            ImportField(
                "name", gettext_lazy("Name"), required=True, max_length=150, identifies=True,
                synonyms=("sales agent", "agent", "full name", "employee", "user", "sales rep", "user name"),
            ),
            ImportField(
                "email", gettext_lazy("E-mail"), "email", clean=clean_email, synonyms=("mail", "email address")
            ),
            ImportField(
                "manager", gettext_lazy("Manager"), max_length=130, field="team",
                synonyms=("team lead", "supervisor", "reports to"),
            ),
            ImportField(
                "region", gettext_lazy("Region"), max_length=120, field="team",
                synonyms=("regional office", "office", "territory", "team", "department"),
            ),
            ImportField(
                "role", gettext_lazy("Role"), "reference", resolver=ChoiceResolver(_roles), field="roles"
            ),
            ImportField(
                "external_id", gettext_lazy("External id"), max_length=120, identifies=True,
                synonyms=("id", "user id", "employee id", "agent id"),
            ),
        )  # fmt: skip

    def apply(self, context: ImportContext, rows: list[Row]) -> None:
        people = _People()
        for row in rows:
            if row.fate is None:
                people.take(row)


class _People:
    """The people and teams there are, read once per chunk."""

    def __init__(self) -> None:
        self.users = list(User.objects.select_related("team").prefetch_related("roles").order_by("pk"))
        self.teams = {team.name.casefold(): team for team in Team.objects.all()}
        self.roles = {role.key: role for role in Role.objects.all()}

    def take(self, row: Row) -> None:
        """Find or make the line's person, and their manager and team."""
        values = row.values
        region = self.team(values["region"]) if values.get("region") else None
        manager = self.manager(values["manager"], region) if values.get("manager") else None
        team = manager.team if manager else region
        found = [u for u in self.users if u.pk == row.object_id] if row.object_id else self.known(values)
        if len(found) > 1:
            text = _("several users have this name. Add an e-mail or an external id.")
            row.fail(Problem("double", text, "name"))
        elif found:
            row.object_id, row.fate = found[0].pk, self.change(found[0], values, team)
        elif values.get("email") and any((u.email or "").lower() == values["email"] for u in self.users):
            row.fail(Problem("double", _("another user has this e-mail address."), "email"))
        else:
            user = self.make(values["name"], values.get("role") or "sales", team, values)
            row.object_id, row.fate = user.pk, ImportRowFate.CREATED

    def known(self, values: dict[str, Any]) -> list[User]:
        """Who the line means: by external id, else by address with the same name, else by name."""
        wanted = values.get("external_id")
        if wanted and (found := [user for user in self.users if user.external_id == wanted]):
            return found
        name = values["name"].casefold()
        alike = [user for user in self.users if user.name.casefold() == name]
        if wanted:
            alike = [user for user in alike if not user.external_id]
        email = values.get("email")
        if email and (found := [user for user in alike if (user.email or "").lower() == email]):
            return found
        return [user for user in alike if not (email and user.email)]

    def team(self, name: str, parent: Team | None = None) -> Team:
        found = self.teams.get(name.casefold())
        if found is None:
            found = self.teams[name.casefold()] = create_team(actor=None, name=name, parent=parent)
        return found

    def manager(self, name: str, region: Team | None) -> User:
        """The person of this name, with a team of their own."""
        alike = [user for user in self.users if user.name.casefold() == name.casefold()]
        team = self.team(_("Team %(name)s") % {"name": name}, region)
        if not alike:
            return self.make(name, "manager", team, {})
        user: User = alike[0]
        if user.team_id is None or user.team == region:
            user.team = team
            user.save(update_fields=["team", "updated_at"])
        return user

    def make(self, name: str, role: str, team: Team | None, values: dict[str, Any]) -> User:
        """A person without a password: nobody can log in as them."""
        user: User = User.objects.create_user(
            values.get("email"),
            password=None,
            name=name,
            team=team,
            external_id=values.get("external_id", ""),
        )
        if role in self.roles:
            user.roles.add(self.roles[role])
        self.users.append(user)
        return user

    def change(self, user: User, values: dict[str, Any], team: Team | None) -> ImportRowFate:
        """Fill what is empty and follow a change of team; a person's e-mail and roles are theirs."""
        changed = []
        if team is not None and user.team != team:
            user.team = team
            changed.append("team")
        for name in ("email", "external_id"):
            if values.get(name) and not getattr(user, name):
                setattr(user, name, values[name])
                changed.append(name)
        if changed:
            user.save(update_fields=[*changed, "updated_at"])
        if values.get("role") in self.roles and not user.roles.exists():
            user.roles.add(self.roles[values["role"]])
            changed.append("roles")
        return ImportRowFate.UPDATED if changed else ImportRowFate.SKIPPED
