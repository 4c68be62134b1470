"""The only place where conditions become SQL: an allow-listed tree to a Q, never text."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.conditions.criteria import Criterion, Kind, criteria_for
from core.conditions.moment import at_moment, current_moment
from core.conditions.tree import ConditionError, Group, Leaf, Node, Not
from core.conditions.values import clean
from core.scope.access import profile_for

EVERY_ROW = Q(pk__isnull=False)
NO_ROW = Q(pk__isnull=True)
COMPARISONS = {"gte": "gte", "lte": "lte", "gt": "gt", "lt": "lt"}


def compile_tree(node: Node, record_type: str, user: Any, *, now: datetime | None = None) -> Q:
    """The Q that selects the rows of `record_type` for which the tree is true.

    `user` decides which fields exist (a hidden one is as unknown as a wrong one) and None is the system;
    `now` is one moment for all relative dates. Raises ConditionError. It does not apply the scope: start
    from `visible_to`.
    """
    moment = now or current_moment()
    with at_moment(moment):
        return _compile(node, usable_criteria(record_type, user), user, moment)


def usable_criteria(record_type: str, user: Any) -> dict[str, Criterion]:
    """What `user` may ask by; None is the system."""
    return usable_of(criteria_for(record_type).values(), record_type, user)


def usable_of(criteria: Iterable[Criterion], record_type: str, user: Any) -> dict[str, Criterion]:
    """Those of the criteria over rows of `record_type` that ask by nothing hidden from `user`."""
    if user is None:
        return {one.key: one for one in criteria}
    profile = profile_for(user)
    hidden = profile.hidden_fields(record_type)
    return {
        one.key: one
        for one in criteria
        if one.hidden_by not in hidden
        and not any(field in profile.hidden_fields(kind) for kind, field in one.discloses)
    }


def compile_with(node: Node, criteria: dict[str, Criterion], user: Any, now: datetime) -> Q:
    """The Q of a tree over these criteria alone. Raises ConditionError."""
    return _compile(node, criteria, user, now)


def _compile(node: Node, criteria: dict[str, Criterion], user: Any, now: datetime) -> Q:
    if isinstance(node, Leaf):
        return _leaf(node, criteria, user, now)
    if isinstance(node, Not):
        return ~_compile(node.child, criteria, user, now)
    return _group(node, criteria, user, now)


def _group(node: Group, criteria: dict[str, Criterion], user: Any, now: datetime) -> Q:
    if not node.children:
        return EVERY_ROW if node.mode == "all" else NO_ROW
    parts = [_compile(child, criteria, user, now) for child in node.children]
    combined = parts[0]
    for part in parts[1:]:
        combined = combined & part if node.mode == "all" else combined | part
    return combined


def _leaf(leaf: Leaf, criteria: dict[str, Criterion], user: Any, now: datetime) -> Q:
    criterion = criteria.get(leaf.field)
    if criterion is None:
        raise ConditionError(_("There is no field “%(field)s” to filter by."), field=leaf.field[:60])
    value = clean(criterion, leaf.op, leaf.value)
    if criterion.figure is not None:
        from core.conditions.figures import figure_condition

        return figure_condition(criterion.figure, leaf, value, user, now)
    if leaf.last is not None or leaf.where is not None:
        raise ConditionError(
            _("%(field)s: only counts and sums have “last” and “where”."), field=criterion.label
        )
    if criterion.build is not None:
        return criterion.build(leaf.op, value, user)
    return compare(criterion.kind, criterion.path, leaf.op, value, now)


def compare(kind: Kind, path: str, op: str, value: Any, now: datetime) -> Q:
    """The Q of one comparison along an ORM path."""
    if op in ("empty", "not_empty"):
        blank = Q(**{f"{path}__isnull": True})
        if kind in (Kind.TEXT, Kind.CHOICE):
            blank |= Q(**{path: ""})
        return blank if op == "empty" else ~blank
    if kind == Kind.DATE:
        return _dates(path, op, value, now)
    if kind == Kind.TEXT:
        return _texts(path, op, value)
    if op in ("in", "not_in"):
        chosen = Q(**{f"{path}__in": value})
        return chosen if op == "in" else ~chosen
    if op == "between":
        return Q(**{f"{path}__gte": value[0], f"{path}__lte": value[1]})
    return Q(**{f"{path}__{COMPARISONS[op]}": value}) if op in COMPARISONS else Q(**{path: value})


def _texts(path: str, op: str, value: str) -> Q:
    lookups = {"contains": "icontains", "starts": "istartswith", "is": "iexact", "is_not": "iexact"}
    match = Q(**{f"{path}__{lookups[op]}": value})
    return ~match if op == "is_not" else match


def _dates(path: str, op: str, value: Any, now: datetime) -> Q:
    """Half-open windows: days in the viewer's zone, and `(now - N, now]` for the last N days."""
    if op == "in_last":
        return Q(**{f"{path}__gt": now - value, f"{path}__lte": now})
    if op == "not_in_last":
        return ~Q(**{f"{path}__gt": now - value, f"{path}__lte": now})
    if op == "in_next":
        return Q(**{f"{path}__gt": now, f"{path}__lte": now + value})
    if op == "before":
        return Q(**{f"{path}__lt": _start(value)})
    if op == "after":
        return Q(**{f"{path}__gte": _start(value, after=True)})
    first, last = value if op == "between" else (value, value)
    return Q(**{f"{path}__gte": _start(first), f"{path}__lt": _start(last, after=True)})


def compare_days(path: str, op: str, value: Any, now: datetime | None = None) -> Q:
    """The Q of one comparison with a column of whole days: an expected close is the same day everywhere."""
    if op in ("empty", "not_empty"):
        return Q(**{f"{path}__isnull": op == "empty"})
    today = timezone.localdate(now or current_moment())
    if op in ("in_last", "not_in_last"):
        last = Q(**{f"{path}__gt": today - value, f"{path}__lte": today})
        return last if op == "in_last" else ~last
    if op == "in_next":
        return Q(**{f"{path}__gte": today, f"{path}__lte": today + value})
    if op == "between":
        return Q(**{f"{path}__gte": _day(value[0]), f"{path}__lte": _day(value[1])})
    lookups = {"before": "lt", "after": "gt", "on": "exact"}
    return Q(**{f"{path}__{lookups[op]}": _day(value)})


def _day(moment: date | datetime) -> date:
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


def _start(moment: date | datetime, *, after: bool = False) -> datetime:
    """The first instant of a day in the current zone (or of the day after it); moments stay themselves."""
    if isinstance(moment, datetime):
        return moment
    day = moment + timedelta(days=1) if after else moment
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
