"""Answering for a few records instead of all: subqueries are narrowed to them while a block runs.

A criterion's subquery (`id IN (SELECT contact_id FROM orders …)`) is worked out for everybody before the few are
looked up in it. Inside `only_touched()` the same subqueries read the rows of the touched records alone, by index.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet
from django.db.models.expressions import RawSQL

TOUCHED = "touched"
"""The common table that the statement around must begin with; its column is `id`."""
_narrowed: ContextVar[bool] = ContextVar("narrowed", default=False)
_these: ContextVar[tuple[int, ...] | None] = ContextVar("these", default=None)


@contextmanager
def only_touched() -> Iterator[None]:
    """Build conditions that are true or false for the touched records only."""
    token = _narrowed.set(True)
    try:
        yield
    finally:
        _narrowed.reset(token)


@contextmanager
def only_these(ids: Iterable[int]) -> Iterator[None]:
    """Build conditions that are true or false for these records only: the rows of a page."""
    token = _these.set(tuple(ids))
    try:
        yield
    finally:
        _these.reset(token)


def touched_ids() -> RawSQL:
    """The touched records' ids, to stand behind `__in`."""
    return RawSQL(f"SELECT id FROM {TOUCHED}", ())  # noqa: S608, S611 - a constant


class IsTouched(Func):
    """Whether the row's key is a touched record's: looked up key by key. Told by `pk__in`, the planner may walk the
    key's index from its beginning and work out every column of the statement on the way."""

    template = f"%(expressions)s = ANY(ARRAY(SELECT id FROM {TOUCHED}))"  # noqa: S608 - a constant
    output_field = BooleanField()
    conditional = True

    def __init__(self, **extra: Any) -> None:
        super().__init__(F("pk"), **extra)


def narrow(rows: QuerySet[Any], party: str) -> QuerySet[Any]:
    """Rows of the touched records inside `only_touched()`, of some inside `only_these()`, all of them outside.
    `party` is the path to the id."""
    if (ids := _these.get()) is not None:
        return rows.filter(**{f"{party}__in": ids})
    return rows.filter(**{f"{party}__in": touched_ids()}) if _narrowed.get() else rows
