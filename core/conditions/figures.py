"""Counts and sums over what hangs on a record: «at least 3 orders in 90 days», «no activity in 60 days».

An app registers a `Collection` (orders of a contact); each of its measures becomes a criterion `orders.count`,
`orders.total`. Windows are half-open, `(now - N days, now]`, with one `now` for the whole tree; without a window all
rows count, future ones too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.conditions.compile import EVERY_ROW, compare, compile_with, usable_of
from core.conditions.criteria import RELATIVE, Criterion, Kind, register
from core.conditions.tree import ConditionError, Leaf
from core.conditions.within import narrow

OPERATORS = ("gte", "lte", "is", "gt", "lt", "between")


@dataclass(frozen=True)
class Measure:
    """What is counted. `aggregate(only)` is the aggregate over the rows that meet `only`; `zero` says whether no
    rows at all mean 0 (a count, a sum) or nothing (an average). `discloses` are fields of the rows whose values
    the figure tells."""

    key: str
    label: str | Promise
    aggregate: Callable[[Q], Aggregate]
    zero: bool = True
    discloses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collection:
    """Rows that hang on a record. `rows(user)` are those in the asker's scope (None: all), `party` the path to
    the record's id, `at` the path to the rows' own time; `narrow` what may be asked of a row (no relative dates,
    and nothing outside the tables of `moved_by`). The first of `reads` is the record type of the rows, whose
    hidden fields are as hidden here."""

    key: str
    rows: Callable[[Any], QuerySet[Any]]
    party: str
    measures: tuple[Measure, ...]
    moved_by: tuple[str, ...]
    at: str = ""
    narrow: tuple[Criterion, ...] = ()
    reads: tuple[str, ...] = ()
    group: str | Promise = ""
    icon: str = "sum"
    field: str = ""

    def rows_of_touched(self, user: Any) -> QuerySet[Any]:
        rows = self.rows(user).filter(**{f"{self.party}__isnull": False}).order_by()
        return narrow(rows, self.party)

    def usable_narrow(self, user: Any) -> dict[str, Criterion]:
        """What `user` may ask of a row, by key."""
        return usable_of(self.narrow, self.reads[0] if self.reads else "", user)


@dataclass(frozen=True)
class Figure:
    """One measure of a collection."""

    collection: Collection
    measure: Measure


def register_collection(record_type: str, collection: Collection) -> None:
    """Offer a collection's measures as criteria of the record type."""
    if any(set(c.ops) & set(RELATIVE) for c in collection.narrow):
        raise ValueError(f"{collection.key}: rows are not narrowed by dates relative to now; use the window")
    for measure in collection.measures:
        register(
            record_type,
            Criterion(
                f"{collection.key}.{measure.key}",
                measure.label,
                Kind.NUMBER,
                figure=Figure(collection, measure),
                operators=OPERATORS,
                group=collection.group,
                icon=collection.icon,
                field=collection.field or collection.key,
                moved_by=collection.moved_by,
                reads=collection.reads,
                discloses=tuple((collection.reads[0], field) for field in measure.discloses),
                listed=False,
            ),
        )


def rows_meant(figure: Figure, leaf: Leaf, user: Any, now: datetime) -> Q:
    """The condition on rows that the leaf's window and `where` make. Raises ConditionError."""
    collection = figure.collection
    meant = EVERY_ROW
    if leaf.last is not None:
        if not collection.at:
            raise ConditionError(_("%(what)s have no time of their own."), what=figure.measure.label)
        meant &= in_window(collection.at, leaf.last, now)
    if leaf.where is not None:
        meant &= compile_with(leaf.where, collection.usable_narrow(user), user, now)
    return meant


def in_window(path: str, days: int, now: datetime) -> Q:
    """`(now - days, now]`."""
    return Q(**{f"{path}__gt": now - timedelta(days=days), f"{path}__lte": now})


def figure_condition(figure: Figure, leaf: Leaf, value: Any, user: Any, now: datetime) -> Q:
    """The Q of records whose figure meets the comparison; records without rows have 0, or no figure."""
    collection, party = figure.collection, figure.collection.party
    rows = collection.rows_of_touched(user).filter(rows_meant(figure, leaf, user, now))
    figures = rows.values(party).annotate(figure=figure.measure.aggregate(EVERY_ROW))
    met = Q(pk__in=figures.filter(compare(Kind.NUMBER, "figure", leaf.op, value, now)).values(party))
    if figure.measure.zero and meets(leaf.op, 0, value):
        met |= ~Q(pk__in=rows.values(party))
    return met


def meets(op: str, number: Any, value: Any) -> bool:
    """A comparison of numbers in Python."""
    if op == "between":
        return bool(value[0] <= number <= value[1])
    found = {"is": number == value, "gte": number >= value, "lte": number <= value,
             "gt": number > value, "lt": number < value}  # fmt: skip
    return bool(found[op])
