"""Custom values in SQL: one expression per field, the same for its filter, its order and its index.

Texts are compared in lower case, everything else as jsonb, whose order within a kind is the right one. Both
are never NULL ('' and jsonb null, which sort first), so that a negated condition is the opposite for every row
and a list can be paged by them.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import DateTimeField, Func, JSONField, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import HasAnyKeys, KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import (
    Contains,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
    StartsWith,
)
from django.utils import timezone

from core.conditions.compile import NO_ROW
from core.conditions.criteria import RELATIVE
from core.conditions.moment import current_moment
from core.custom_fields.definition import Definition
from core.custom_fields.values import stored
from core.enums import CustomKind

TEXTS = (CustomKind.TEXT, CustomKind.LONG_TEXT)
NOTHING = Value("", output_field=TextField())
COMPARISONS = {
    "is": Exact,
    "on": Exact,
    "gt": GreaterThan,
    "after": GreaterThan,
    "gte": GreaterThanOrEqual,
    "lt": LessThan,
    "before": LessThan,
    "lte": LessThanOrEqual,
}


def is_sortable(definition: Definition) -> bool:
    """Whether rows have an order by the field."""
    return definition.value_kind not in (CustomKind.LONG_TEXT, CustomKind.MULTI, CustomKind.LINK)


def expression(definition: Definition) -> Combinable:
    """What the field is compared and sorted by."""
    key, kind = definition.key, definition.value_kind
    if kind in TEXTS:
        return _lower(key)
    held = KeyTransform(key, "custom")
    if kind == CustomKind.MONEY:
        held = KeyTransform("amount", held)
    return Coalesce(held, _json(None), output_field=JSONField())


def listed_values(definition: Definition) -> Combinable:
    """The list that a field of several choices holds, as its index has it."""
    return KeyTransform(definition.key, "custom")


def searched(definition: Definition) -> Combinable:
    """What the search looks into: the text in lower case."""
    return _lower(definition.key)


def condition(definition: Definition, op: str, value: Any) -> Q:
    """The Q of one comparison; `value` is as `core.conditions.values.clean` gives it."""
    kind = definition.value_kind
    if kind == CustomKind.MULTI:
        return _several(definition, op, value)
    held = expression(definition)
    if kind in TEXTS:
        return _text(held, op, value)
    if op in ("empty", "not_empty"):
        nothing = Q(Exact(held, _json(None)))
        return nothing if op == "empty" else ~nothing
    if kind == CustomKind.BOOLEAN:
        yes = Q(Exact(held, _json(True)))
        return yes if value else ~yes
    if op in ("in", "not_in"):
        found = NO_ROW
        for item in value:
            found = found | Q(Exact(held, _json(item)))
        return found if op == "in" else ~found
    if isinstance(value, timedelta):
        return _relative(held, op, value)
    if op == "between":
        return _at_least(definition, held, value[0]) & Q(LessThanOrEqual(held, _plain(definition, value[1])))
    match = Q(COMPARISONS[op](held, _plain(definition, value)))
    return match & Q(GreaterThan(held, _json(None))) if op in ("lt", "lte", "before") else match


def _lower(key: str) -> Combinable:
    return Coalesce(Lower(KeyTextTransform(key, "custom")), NOTHING, output_field=TextField())


def _json(value: Any) -> Value:
    return Value(value, output_field=JSONField())


def _plain(definition: Definition, value: Any) -> Value:
    if isinstance(value, date):
        value = _day(value).isoformat()
    return _json(stored(definition, value))


def _day(value: date) -> date:
    from datetime import datetime

    return timezone.localdate(value) if isinstance(value, datetime) else value


def _at_least(definition: Definition, held: Combinable, value: Any) -> Q:
    return Q(GreaterThanOrEqual(held, _plain(definition, value)))


def _text(held: Combinable, op: str, value: Any) -> Q:
    if op in ("empty", "not_empty"):
        nothing = Q(Exact(held, NOTHING))
        return nothing if op == "empty" else ~nothing
    lookups = {"contains": Contains, "starts": StartsWith, "is": Exact, "is_not": Exact}
    match = Q(lookups[op](held, str(value).lower()))
    return ~match if op == "is_not" else match


def _several(definition: Definition, op: str, value: Any) -> Q:
    held = listed_values(definition)
    there = Q(IsNull(held, False))
    if op in ("empty", "not_empty"):
        return ~there if op == "empty" else there
    found = Q(HasAnyKeys(held, [str(item) for item in value])) & there
    return ~found if op == "not_in" else found


def _relative(held: Combinable, op: str, span: timedelta) -> Q:
    today = timezone.localdate(current_moment())
    if op == "in_next":
        return Q(GreaterThanOrEqual(held, _json(today.isoformat()))) & Q(
            LessThanOrEqual(held, _json((today + span).isoformat()))
        )
    recent = Q(GreaterThan(held, _json((today - span).isoformat()))) & Q(
        LessThanOrEqual(held, _json(today.isoformat()))
    )
    return ~recent if op == "not_in_last" else recent


def turning_points(definition: Definition, op: str, value: Any, now: Any) -> list[Combinable]:
    """The midnights at which a comparison of a date with today turns by itself; none for other comparisons."""
    if op not in RELATIVE:
        return []
    days = value.days
    return [_midnight(definition.key, shift) for shift in ((-days, 1) if op == "in_next" else (0, days))]


def _midnight(key: str, shift: int) -> Combinable:
    """When the day that a field holds begins, `shift` days later, in the installation's zone."""
    day = Func(
        KeyTextTransform(key, "custom"),
        template=f"((%(expressions)s)::timestamp + interval '{int(shift)} days')",
    )
    zone = Value(timezone.get_default_timezone_name())
    return Func(zone, day, function="timezone", output_field=DateTimeField())
