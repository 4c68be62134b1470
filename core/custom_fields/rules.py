"""Conditions between fields of one record: shown when, required when, options when.

The tree is the one condition grammar (`core.conditions.tree`); here it is answered for one record in memory,
as `core.conditions.compile` answers it for all rows in SQL. `for_browser` hands the same trees to the script
that shows and hides inputs while somebody types.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.conditions.criteria import Criterion, Kind
from core.conditions.tree import Group, Leaf, Node, Not, leaves_of, parse
from core.conditions.values import clean
from core.custom_fields.definition import Definition
from core.custom_fields.values import Money
from core.registries.custom_fields import CustomHost

Values = Mapping[str, Any]


def kinds_of(host: CustomHost, definitions: Mapping[str, Definition]) -> dict[str, Kind]:
    """The fields that conditions may name, with the kind of their values."""
    return {**host.plain, **{one.name: one.condition_kind for one in definitions.values()}}


def checked(tree: Any, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The tree in its plain form. Raises ConditionError for anything that could not be answered later."""
    node = parse(tree)
    for leaf in leaves_of(node):
        _typed(leaf, kinds)
    return node.to_json()


def fields_in(node: Node) -> set[str]:
    return {leaf.field for leaf in leaves_of(node)}


def holds(node: Node, values: Values, kinds: Mapping[str, Kind]) -> bool:
    """Whether the tree is true of the values. A condition on a field that is no longer there is false."""
    if isinstance(node, Not):
        return not holds(node.child, values, kinds)
    if isinstance(node, Group):
        answers = [holds(child, values, kinds) for child in node.children]
        return all(answers) if node.mode == "all" else any(answers)
    if node.field not in kinds:
        return False
    return _answer(kinds[node.field], node.op, values.get(node.field), _typed(node, kinds))


def _typed(leaf: Leaf, kinds: Mapping[str, Kind]) -> Any:
    kind = kinds.get(leaf.field)
    if kind is None:
        from core.conditions.tree import ConditionError

        raise ConditionError(f"“{leaf.field[:60]}”?")
    return clean(Criterion(leaf.field, leaf.field, kind), leaf.op, leaf.value)


def _answer(kind: Kind, op: str, value: Any, wanted: Any) -> bool:
    if op in ("empty", "not_empty"):
        return (value in (None, "", [])) == (op == "empty")
    if op in ("in", "not_in"):
        mine = value if isinstance(value, list) else [] if value is None else [value]
        return bool({str(one) for one in mine} & {str(one) for one in wanted}) == (op == "in")
    if kind == Kind.BOOL:
        return bool(bool(value) == wanted)
    if kind == Kind.TEXT:
        return _text(op, str(value or "").casefold(), wanted.casefold())
    if value is None:
        return op == "not_in_last"
    return _date(op, value, wanted) if kind == Kind.DATE else _number(op, value, wanted)


def _text(op: str, value: str, wanted: str) -> bool:
    if op == "contains":
        return wanted in value
    if op == "starts":
        return value.startswith(wanted)
    return (value == wanted) == (op == "is")


def _number(op: str, value: Any, wanted: Any) -> bool:
    number = value.amount if isinstance(value, Money) else Decimal(str(value))
    if op == "between":
        return bool(wanted[0] <= number <= wanted[1])
    answers = {
        "is": number == wanted,
        "gte": number >= wanted,
        "lte": number <= wanted,
        "gt": number > wanted,
        "lt": number < wanted,
    }
    return bool(answers[op])


def _date(op: str, value: date, wanted: Any) -> bool:
    value, today = _day(value), timezone.localdate()
    if isinstance(wanted, timedelta):
        recent = today - wanted < value <= today
        return {"in_last": recent, "not_in_last": not recent, "in_next": today <= value <= today + wanted}[op]
    if op == "between":
        return _day(wanted[0]) <= value <= _day(wanted[1])
    day = _day(wanted)
    return {"before": value < day, "after": value > day, "on": value == day}[op]


def _day(value: date) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


def for_browser(definitions: Mapping[str, Definition]) -> dict[str, Any]:
    """The rules of the fields by name, as the script reads them."""
    rules: dict[str, Any] = {}
    for one in definitions.values():
        rule: dict[str, Any] = {}
        if one.visible_when is not None:
            rule["visible"] = one.visible_when.to_json()
        if one.required_when is not None:
            rule["required"] = one.required_when.to_json()
        if one.options_when:
            rule["options"] = {value: tree.to_json() for value, tree in one.options_when.items()}
        if rule and one.is_written:
            rules[one.name] = rule
    return rules
