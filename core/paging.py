"""Keyset paging by row comparison: the same cost on the first, middle and last page.

A keyset is a tuple of ORM expressions ending in the primary key, all in one direction. The cursor is the
last row's values, signed, so that nobody can ask for rows by invented values of hidden columns.

A list under filters has two plans. Few matches: find them all, sort, count in the same statement. Many: walk the
order's index until the page is full. Left to itself the planner walks a million rows to find the one match that
it believed to come soon, so `listing` asks it for its estimate first and then leaves it no choice. Many matches that
stand close together in the order (a frequent surname in a list by name) would be walked to for as long: the walk
ends after `STEPS` rows, and then all are found after all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.core import signing
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, CharField, Count, F, Func, QuerySet, Value, Window
from django.utils.dateparse import parse_datetime

COUNT_LIMIT = 10_000
PLACE_LIMIT = 10_000
RARE = 12_000
"""Up to so many estimated matches all are found and sorted."""
STEPS = 5_000
"""Rows of the order that are walked for a page of frequent matches."""
MATCHES_COUNTED = 1_000
"""Matches beyond `RARE` are counted so far only: each costs a visit to its row."""


class BadCursor(ValueError):
    """The cursor was not made by this list."""


@dataclass(frozen=True)
class Page:
    """One page: ids in order, cursors to go on, and how many rows there are."""

    ids: list[int]
    next: str | None
    previous: str | None
    total: int | None = None
    """The number of all rows, where the statement counted them."""


@dataclass(frozen=True)
class Listing:
    """A page and how many rows there are on all pages."""

    page: Page
    count: int
    count_is_exact: bool


class _Row(Func):
    """`(a, b) > (x, y)`: one index range, where the OR form reads half the table."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, names: Sequence[str], values: Sequence[Any], operator: str) -> None:
        self.operator, self.width = operator, len(names)
        super().__init__(*[F(name) for name in names], *values)

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        parts, params = [], []
        for expression in self.source_expressions:
            sql, args = compiler.compile(expression)
            parts.append(sql)
            params.extend(args)
        left, right = ", ".join(parts[: self.width]), ", ".join(parts[self.width :])
        return f"({left}) {self.operator} ({right})", params


@dataclass(frozen=True)
class _Order:
    """The order in which a page is read: by `names`, all upwards or all downwards."""

    names: tuple[str, ...]
    reverse: bool

    @classmethod
    def of(cls, keys: Sequence[str], *, descending: bool, backwards: bool) -> "_Order":
        return cls(tuple(keys) if keys[-1] == "pk" else (*keys, "pk"), descending != backwards)

    def rows_after(self, queryset: QuerySet[Any], cursor: str) -> QuerySet[Any]:
        """The rows in this order, from the cursor on where there is one. Raises BadCursor."""
        rows = queryset.order_by(*[f"-{name}" if self.reverse else name for name in self.names])
        return (
            rows.filter(self._beyond(queryset, _decode(cursor, self.names), self.reverse)) if cursor else rows
        )

    def rows_before(self, queryset: QuerySet[Any], values: Sequence[Any]) -> QuerySet[Any]:
        """The rows that come before those values."""
        return queryset.filter(self._beyond(queryset, values, not self.reverse))

    def _beyond(self, queryset: QuerySet[Any], values: Sequence[Any], below: bool) -> _Row:
        typed = [_typed(queryset, name, value) for name, value in zip(self.names, values, strict=True)]
        return _Row(self.names, typed, "<" if below else ">")


def keyset_page(
    queryset: QuerySet[Any],
    keys: Sequence[str],
    *,
    descending: bool = False,
    cursor: str = "",
    backwards: bool = False,
    size: int = 50,
    find_all: bool = False,
) -> Page:
    """The page of `queryset` after (or, backwards, before) `cursor`, or the first (last) one without.

    `keys` are non-null ORM names ending in `pk`. With `find_all` every match is found before the first is
    returned, and counted when there is no cursor. One query. Raises BadCursor.
    """
    order = _Order.of(keys, descending=descending, backwards=backwards)
    names, rows = order.names, order.rows_after(queryset, cursor)
    if find_all:
        rows = rows.annotate(of_all=Window(Count("*")))
        names = (*names, "of_all")
    found = list(rows.values_list(*names)[: size + 1])
    total = None
    if find_all:
        total = None if cursor else found[0][-1] if found else 0
        names, found = names[:-1], [row[:-1] for row in found]
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    first = _encode(names, found[0]) if found else None
    last = _encode(names, found[-1]) if found else None
    has_next = bool(cursor) if backwards else more
    has_previous = more if backwards else bool(cursor)
    return Page(
        [row[-1] for row in found], last if has_next else None, first if has_previous else None, total
    )


def listing(
    queryset: QuerySet[Any],
    keys: Sequence[str],
    *,
    narrowed: bool,
    descending: bool = False,
    cursor: str = "",
    backwards: bool = False,
    size: int = 50,
) -> Listing:
    """A page with the count of all rows; `narrowed` says that filters or a search leave out some. At most five
    queries. Raises BadCursor."""
    ask = partial(
        keyset_page, keys=keys, descending=descending, cursor=cursor, backwards=backwards, size=size
    )
    page = None if narrowed else ask(queryset)
    if page is not None and not (cursor or page.next or page.previous):
        return Listing(page, len(page.ids), count_is_exact=True)
    expected = estimate_of(queryset)
    is_rare = narrowed and expected <= RARE
    if narrowed and not is_rare:
        steps = _next_steps(queryset, _Order.of(keys, descending=descending, backwards=backwards), cursor)
        page = ask(queryset if steps is None else steps)
        if steps is not None and (page.previous if backwards else page.next) is None:
            page = None  # what is sought does not stand here
    if page is None:
        page = ask(queryset, find_all=True)
    if page.total is not None:
        return Listing(page, page.total, count_is_exact=True)
    if expected > 5 * COUNT_LIMIT:  # beyond all doubt too many to count
        return Listing(page, expected, count_is_exact=False)
    counted = count_of(queryset, limit=MATCHES_COUNTED if narrowed and not is_rare else COUNT_LIMIT)
    return Listing(page, *counted)


def _next_steps(queryset: QuerySet[Any], order: _Order, cursor: str) -> QuerySet[Any] | None:
    """Those of `queryset` among the next `STEPS` live rows of its table. None where so many are not left, or where
    the order is not by columns of the table, so that no index can be walked. One query. Raises BadCursor."""
    model = queryset.model
    columns = {field.name for field in model._meta.concrete_fields}
    if not columns.issuperset(order.names[:-1]):
        return None
    live = {"deleted_at__isnull": True} if "deleted_at" in columns else {}
    rows = order.rows_after(model._base_manager.filter(**live), cursor)
    end = rows.values_list(*order.names)[STEPS : STEPS + 1].first()
    return None if end is None else order.rows_before(queryset, end)


@dataclass(frozen=True)
class Place:
    """Where a row stands in a list: its neighbours, and its number where that is cheap to say."""

    previous: int | None
    next: int | None
    position: int | None


def place_of(
    queryset: QuerySet[Any], keys: Sequence[str], pk: int, *, descending: bool = False, held: Any = None
) -> Place | None:
    """The place of row `pk`, or None where the list does not hold it. Three queries; rows further down than 10,000
    get no number. With `held`, the row itself where it is known to be in the list, one query and no number."""
    names = [*keys] if keys[-1] == "pk" else [*keys, "pk"]
    if held is not None and all(hasattr(held, name) for name in names):
        row: Any = tuple(getattr(held, name) for name in names)
    else:
        row = queryset.filter(pk=pk).order_by().values_list(*names).first()
    if row is None:
        return None
    values = [_typed(queryset, name, value) for name, value in zip(names, row, strict=True)]
    behind, ahead = _beside(queryset, names, values, ">"), _beside(queryset, names, values, "<")
    found = dict(behind.union(ahead, all=True).values_list("side", "pk"))
    after, before = found.get(">"), found.get("<")
    if descending:
        after, before = before, after
    if held is not None:
        return Place(before, after, None)
    rows = queryset.filter(_Row(names, values, ">" if descending else "<")).order_by()
    number = rows.values("pk")[: PLACE_LIMIT + 1].count() + 1
    return Place(before, after, number if number <= PLACE_LIMIT else None)


def _beside(
    queryset: QuerySet[Any], names: Sequence[str], values: Sequence[Value], side: str
) -> QuerySet[Any]:
    """The one row next to the given values on one side."""
    order = names if side == ">" else [f"-{name}" for name in names]
    rows = queryset.filter(_Row(names, values, side)).order_by(*order)
    beside: QuerySet[Any] = rows.annotate(side=Value(side, output_field=CharField())).values("side", "pk")[:1]
    return beside


def count_of(queryset: QuerySet[Any], *, limit: int = COUNT_LIMIT) -> tuple[int, bool]:
    """(count, whether it is exact): exact up to `limit`, beyond that the planner's estimate."""
    counted = queryset.order_by().values("pk")[: limit + 1].count()
    if counted <= limit:
        return counted, True
    return max(estimate_of(queryset), limit + 1), False


def estimate_of(queryset: QuerySet[Any]) -> int:
    """How many rows the planner expects. One query, which reads no row."""
    try:
        sql, params = queryset.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        # compiled by the ORM, its values as parameters
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    return int(plan[0]["Plan"]["Plan Rows"])


def _typed(queryset: QuerySet[Any], name: str, value: Any) -> Value:
    if name == "pk":
        return Value(value, output_field=queryset.model._meta.pk)
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        return Value(value, output_field=annotation.output_field)
    model, field = queryset.model, None
    for step in name.split("__"):
        field = model._meta.get_field(step)
        model = field.related_model or model
    return Value(value, output_field=field)


def _encode(names: Sequence[str], row: Sequence[Any]) -> str:
    return signing.dumps([list(names), [_json(value) for value in row]], salt="keyset", compress=True)


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return {"n": str(value)} if isinstance(value, Decimal) else value


def _decode(cursor: str, names: Sequence[str]) -> list[Any]:
    try:
        made_for, values = signing.loads(cursor, salt="keyset")
    except (signing.BadSignature, ValueError) as error:
        raise BadCursor from error
    if made_for != list(names):
        raise BadCursor
    return [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "t" in value:
        return parse_datetime(value["t"])
    return date.fromisoformat(value["d"]) if "d" in value else Decimal(value["n"])
