"""The definitions as every process has them: kept in memory, and checked against the table.

One small query per request (and per call outside of requests) asks for the table's fingerprint; the
definitions are read again only when it has moved. So a change counts everywhere from its commit on, needs no
restart and no message that could get lost, and a rolled-back change never lingers.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import connection

from core.custom_fields.definition import Definition, definition_of
from core.models import CustomField
from core.registries import custom_fields as hosts
from core.scope.access import AccessProfile

MANY_ROWS = 50_000
"""Beyond so many rows only indexed fields are offered for sorting and for the filters of lists."""


@dataclass(frozen=True)
class Snapshot:
    """All live definitions by record type, and which types have so many rows that an index is needed."""

    fingerprint: tuple[Any, ...]
    by_type: Mapping[str, Mapping[str, Definition]]
    large: frozenset[str]


_kept = {"snapshot": Snapshot((), {}, frozenset())}
_unit = threading.local()


def definitions_for(record_type: str) -> Mapping[str, Definition]:
    """The live definitions of a type by key, in their order; empty for a type without custom fields."""
    if hosts.get(record_type) is None:
        return {}
    return snapshot().by_type.get(record_type, {})


def visible_definitions(record_type: str, profile: AccessProfile | None) -> dict[str, Definition]:
    """Those that a person's roles do not hide; `None` is the system."""
    found = definitions_for(record_type)
    if profile is None:
        return dict(found)
    hidden = profile.hidden_fields(record_type)
    if "custom" in hidden:
        return {}
    return {key: one for key, one in found.items() if one.name not in hidden}


def is_large(record_type: str) -> bool:
    return record_type in snapshot().large


def snapshot() -> Snapshot:
    """The definitions as they are now: within a request, as they were when first asked for."""
    known: Snapshot | None = getattr(_unit, "snapshot", None)
    if known is not None:
        return known
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(updated_at), sum(version) FROM core_customfield")
        fingerprint = tuple(cursor.fetchone())
    current = _kept["snapshot"]
    if current.fingerprint != fingerprint:
        current = _kept["snapshot"] = _load(fingerprint)
    if getattr(_unit, "in_request", False):
        _unit.snapshot = current
    return current


@contextmanager
def held_still() -> Iterator[None]:
    """The definitions as they are now, for all questions inside: a wave of rows asks the table once."""
    before = getattr(_unit, "snapshot", None)
    _unit.snapshot = snapshot()
    try:
        yield
    finally:
        _unit.snapshot = before


def forget() -> None:
    """Look at the table again at the next question: after a write in this very request."""
    _unit.snapshot = None


def _load(fingerprint: tuple[Any, ...]) -> Snapshot:
    by_type: dict[str, dict[str, Definition]] = {}
    rows = CustomField.objects.filter(archived_at__isnull=True).order_by("position", "pk")
    for row in rows if fingerprint[0] else ():
        by_type.setdefault(row.record_type, {})[row.key] = definition_of(row)
    return Snapshot(fingerprint, by_type, _large_types() if by_type else frozenset())


def _large_types() -> frozenset[str]:
    tables = {host.model._meta.db_table: host.record_type for host in hosts.all_hosts()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r' AND reltuples > %s",
            [list(tables), MANY_ROWS],
        )
        return frozenset(tables[name] for (name,) in cursor.fetchall())


def _begin(**_kwargs: Any) -> None:
    _unit.in_request, _unit.snapshot = True, None


def _end(**_kwargs: Any) -> None:
    _unit.in_request, _unit.snapshot = False, None


request_started.connect(_begin, dispatch_uid="core.custom_fields.begin")
request_finished.connect(_end, dispatch_uid="core.custom_fields.end")
