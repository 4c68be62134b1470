"""Conditions that an ORM path can't say, shared by sales' criteria."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, Max, OuterRef, Q, QuerySet, Subquery

from core.conditions.compile import compare, compare_days
from core.conditions.criteria import RELATIVE, Kind
from core.conditions.moment import current_moment
from core.conditions.within import narrow
from core.text import sort_key
from sales.models import Deal, Order

Build = Callable[[str, Any, Any], Q]


def sort_name_condition(op: str, value: Any, user: Any) -> Q:
    """Names compared as lists order them: without case and accents, by the trigram index."""
    if op in ("empty", "not_empty"):
        return Q(sort_name="") if op == "empty" else ~Q(sort_name="")
    wanted = sort_key(value)
    found = {
        "contains": Q(sort_name__contains=wanted),
        "starts": Q(sort_name__startswith=wanted),
        "is": Q(sort_name=wanted),
        "is_not": ~Q(sort_name=wanted),
    }
    return found[op]


def days(path: str) -> Build:
    """Compare a column of whole days."""

    def build(op: str, value: Any, user: Any) -> Q:
        return compare_days(path, op, value)

    return build


def flag(condition: Callable[[], Q]) -> Build:
    """A yes or no that stands for `condition`."""

    def build(op: str, value: Any, user: Any) -> Q:
        return condition() if value else ~condition()

    return build


def deals_in_scope(user: Any) -> QuerySet[Deal]:
    """Nobody learns by a filter of deals that are out of sight; the system (None) sees all."""
    rows: QuerySet[Deal] = Deal.objects.all() if user is None else Deal.objects.visible_to(user)
    return rows


def orders_in_scope(user: Any) -> QuerySet[Order]:
    rows: QuerySet[Order] = Order.objects.all() if user is None else Order.objects.visible_to(user)
    return rows


def figure_of_orders(party: str, expression: Any, kind: Kind, zero: Callable[[str, Any], bool]) -> Build:
    """A figure over the orders of each contact or company (`party`); `zero(op, value)` says whether those
    without any order are meant too."""

    def build(op: str, value: Any, user: Any) -> Q:
        rows = narrow(orders_in_scope(user).filter(**{f"{party}__isnull": False}).order_by(), party)
        figures = rows.values(f"{party}_id").annotate(figure=expression)
        having = figures.filter(figure__isnull=False).values(f"{party}_id")
        if op in ("empty", "not_empty"):
            return ~Q(pk__in=having) if op == "empty" else Q(pk__in=having)
        met = figures.filter(compare(kind, "figure", op, value, current_moment())).values(f"{party}_id")
        return Q(pk__in=met) | ~Q(pk__in=having) if zero(op, value) else Q(pk__in=met)

    return build


def latest_order(party: str) -> Callable[[Any], Any]:
    """The newest order of a contact or company as an expression over its row."""

    def shows(user: Any) -> Any:
        rows = orders_in_scope(user).filter(is_cancellation=False, **{party: OuterRef("pk")}).order_by()
        return Subquery(rows.values(party).annotate(at=Max("ordered_at")).values("at"))

    return shows


def latest_order_turns(party: str) -> Callable[[str, Any, datetime], list[Any]]:
    """When a comparison of the newest order with now may next turn."""

    def turns(op: str, value: Any, now: datetime) -> list[Any]:
        if op not in RELATIVE:
            return []
        newest = latest_order(party)(None)
        shifted = ExpressionWrapper(
            newest + (-value if op == "in_next" else value), output_field=DateTimeField()
        )
        return [newest, shifted]

    return turns


def zero_counts(op: str, value: Any) -> bool:
    """Whether 0 meets a comparison of numbers."""
    if op == "between":
        return bool(value[0] <= 0 <= value[1])
    return {"is": value == 0, "gte": value <= 0, "lte": value >= 0, "gt": value < 0, "lt": value > 0}[op]
