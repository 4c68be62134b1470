"""What retention policies may be about: record types with their moments and what can be done with a record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


class Held(Exception):
    """The record has to be kept for now."""


@dataclass(frozen=True)
class RetentionTarget:
    """`rows()` are the records a policy may find; `moments` maps the columns that time is counted from to their
    labels; `actions` what is done with one record: `action(record, policy)` returns False where there was nothing
    to do any more, and raises Held."""

    record_type: str
    rows: Callable[[], QuerySet[Any]]
    moments: Mapping[str, Any]
    actions: Mapping[str, Callable[[Any, Any], bool]]


_targets: dict[str, RetentionTarget] = {}
_chores: dict[str, Callable[[], int]] = {}


def register(target: RetentionTarget) -> None:
    _targets[target.record_type] = target


def get(record_type: str) -> RetentionTarget | None:
    return _targets.get(record_type)


def all_targets() -> list[RetentionTarget]:
    return list(_targets.values())


def register_chore(name: str, chore: Callable[[], int]) -> None:
    """Something that is tidied up every night without a policy; it returns how many rows it dealt with."""
    _chores[name] = chore


def chores() -> dict[str, Callable[[], int]]:
    return dict(_chores)
