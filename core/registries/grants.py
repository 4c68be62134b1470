"""Record types with the levels that the default roles get, so that each app brings its own."""

from collections import defaultdict

from django.utils.functional import Promise

from core.enums import AccessLevel

A, T, OWN, N = AccessLevel.ALL, AccessLevel.TEAM, AccessLevel.OWN, AccessLevel.NONE
Levels = tuple[AccessLevel, AccessLevel, AccessLevel, AccessLevel, AccessLevel]
"""View, add, change, delete, export."""

FULL: Levels = (A, A, A, A, A)
READ: Levels = (A, N, N, N, N)
NOTHING: Levels = (N, N, N, N, N)

DEFAULT_ROLES = ("admin", "manager", "sales", "marketing", "service", "analyst", "readonly")
_grants: dict[str, dict[str, Levels]] = defaultdict(dict)
_labels: dict[str, str | Promise] = {}
_capabilities: dict[str, str | Promise] = {}


def register(record_type: str, label: str | Promise = "", **levels: Levels) -> None:
    """`register("deal", manager=(T, T, T, T, T), sales=(O, O, O, N, N), readonly=READ)`; admin has all. `label` is
    for what is no record type of its own and has no model that says its name."""
    if label:
        _labels[record_type] = label
    for role in levels:
        if role not in DEFAULT_ROLES:
            raise ValueError(f"no default role is called {role}")
    _grants[record_type].update({"admin": FULL, **levels})


def record_types() -> list[str]:
    return list(_grants)


def levels(role: str, record_type: str) -> Levels:
    return _grants[record_type].get(role, NOTHING)


def label(record_type: str) -> str | Promise:
    """What was registered as the name of the type; mostly nothing."""
    return _labels.get(record_type, "")


def register_capability(name: str, label: str | Promise) -> None:
    """Something a role may do that no record type can say: `profile.can(name)` asks for it."""
    _capabilities[name] = label


def capabilities() -> dict[str, str | Promise]:
    """Every capability with what it lets people do."""
    return dict(_capabilities)
