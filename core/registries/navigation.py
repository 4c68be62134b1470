"""Entries of the sidebar, the create menu and the phone's tab bar."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise


@dataclass(frozen=True, eq=False)
class NavEntry:
    """A link shown to whom `allowed(profile)` says; each is equal to itself alone. `counted(user)` are the rows
    whose number stands beside it, cut to as many as are worth counting; those of all entries are counted by one
    statement."""

    key: str
    label: str | Promise
    icon: str
    url_name: str
    section: str = "records"  # `work` (top), `records`, `tools`, `settings` (folded)
    order: int = 100
    allowed: Callable[[Any], bool] = lambda profile: True
    counted: Callable[[Any], QuerySet[Any]] | None = None
    hot: bool = False
    shortcut: str = ""  # such as `g c`
    on_phone: bool = False


@dataclass(frozen=True)
class CreateEntry:
    """An entry of the create menu (`C`)."""

    key: str
    label: str | Promise
    icon: str
    url_name: str
    record_type: str
    order: int = 100


_entries: dict[str, NavEntry] = {}
_creates: dict[str, CreateEntry] = {}


def register(entry: NavEntry) -> None:
    _entries[entry.key] = entry


def register_create(entry: CreateEntry) -> None:
    _creates[entry.key] = entry


def entries(profile: Any, section: str | None = None) -> list[NavEntry]:
    wanted = [
        e for e in _entries.values() if (section is None or e.section == section) and e.allowed(profile)
    ]
    return sorted(wanted, key=lambda entry: entry.order)


def create_entries(profile: Any) -> list[CreateEntry]:
    wanted = [entry for entry in _creates.values() if profile.allows(entry.record_type, "add")]
    return sorted(wanted, key=lambda entry: entry.order)
