"""Conditions in plain words: the chips above lists, and a segment's rule as a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.conditions.criteria import VALUELESS, Criterion, Kind, criteria_for
from core.conditions.tree import Group, Leaf, Node, Not
from core.registries import aliases, records

OPERATOR_WORDS = {
    "is": gettext_lazy("is"),
    "is_not": gettext_lazy("is not"),
    "contains": gettext_lazy("contains"),
    "starts": gettext_lazy("starts with"),
    "in": gettext_lazy("is any of"),
    "not_in": gettext_lazy("is none of"),
    "gte": gettext_lazy("is at least"),
    "lte": gettext_lazy("is at most"),
    "gt": gettext_lazy("is more than"),
    "lt": gettext_lazy("is less than"),
    "between": gettext_lazy("is between"),
    "before": gettext_lazy("before"),
    "after": gettext_lazy("after"),
    "on": gettext_lazy("on"),
    "in_last": gettext_lazy("in the last"),
    "not_in_last": gettext_lazy("not in the last"),
    "in_next": gettext_lazy("in the next"),
    "within": gettext_lazy("within"),
    "empty": gettext_lazy("is empty"),
    "not_empty": gettext_lazy("has a value"),
}


@dataclass(frozen=True)
class Chip:
    """One filter in words; `parameter` is what to take out of the URL to remove it. `op` and `values` are what
    it is edited by; a nested condition (`where`) has none."""

    parameter: str
    key: str
    label: str
    operator: str
    value: str
    icon: str
    op: str = ""
    values: tuple[str, ...] = ()


def chips_of(record_type: str, leaves: list[tuple[str, Leaf]], user: Any) -> list[Chip]:
    criteria = criteria_for(record_type)
    chips = []
    for parameter, leaf in leaves:
        criterion = criteria[leaf.field]
        operator = str(OPERATOR_WORDS.get(leaf.op, leaf.op))
        value = value_in_words(criterion, leaf, user)
        items = leaf.value if isinstance(leaf.value, list | tuple) else [leaf.value]
        values = tuple(str(item) for item in items if item is not None)
        label = str(criterion.label)
        chips.append(Chip(parameter, leaf.field, label, operator, value, criterion.icon, leaf.op, values))
    return chips


def chip_of_tree(parameter: str, node: Node, record_type: str, user: Any) -> Chip:
    """A nested condition as one chip, read aloud."""
    return Chip(parameter, parameter, _("Condition"), "", sentence(node, record_type, user), "filter")


def value_in_words(criterion: Criterion, leaf: Leaf, user: Any) -> str:
    """A leaf's value as a person reads it: labels of choices, titles of records in the viewer's scope."""
    if leaf.op in VALUELESS:
        return ""
    if leaf.op in ("in_last", "in_next", "not_in_last"):
        return _("%(count)s days") % {"count": leaf.value}
    items = leaf.value if isinstance(leaf.value, list | tuple) else [leaf.value]
    if criterion.kind == Kind.BOOL:
        return _("no") if str(items[0]).lower() in ("false", "0", "no") else _("yes")
    if criterion.kind == Kind.REF and criterion.ref_type and records.known(criterion.ref_type):
        ids = aliases.current_ids(criterion.ref_type, [int(item) for item in items if str(item).isdigit()])
        found = records.get(criterion.ref_type).visible_to(user).filter(pk__in=ids)[:20]
        return ", ".join(str(record) for record in found) or _("nothing you can see")
    if criterion.choices is not None:
        labels = {str(key): str(label) for key, label in criterion.choices()}
        meant = [
            str(item) if criterion.spelt is None else criterion.spelt(str(item)) or item for item in items
        ]
        return ", ".join(labels.get(str(item), str(item)) for item in meant)
    words = [_day_in_words(item) if criterion.kind == Kind.DATE else str(item) for item in items]
    if leaf.op == "between" and len(words) == 2:
        return _("%(first)s and %(last)s") % {"first": words[0], "last": words[1]}
    return ", ".join(words)


def _day_in_words(value: Any) -> str:
    """`2026-10-01` as people write it; what is no day stays as it is."""
    day = value if isinstance(value, date) else _parsed(str(value))
    return str(value) if day is None else date_format(day, "j M Y")


def _parsed(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def sentence(node: Node, record_type: str, user: Any) -> str:
    """The tree read aloud."""
    return read_aloud(node, criteria_for(record_type), user)


def read_aloud(node: Node, criteria: Mapping[str, Criterion], user: Any) -> str:
    """A tree over these criteria as a sentence."""
    if isinstance(node, Leaf):
        criterion = criteria.get(node.field)
        return node.field if criterion is None else leaf_in_words(criterion, node, user)
    if isinstance(node, Not):
        return _("not (%(rule)s)") % {"rule": read_aloud(node.child, criteria, user)}
    return _group_sentence(node, criteria, user)


@dataclass(frozen=True)
class Outline:
    """A condition in words, or the heading of a group with its `parts`."""

    text: str
    parts: tuple["Outline", ...] = ()


def outline(node: Node, record_type: str, user: Any) -> Outline:
    """The tree as nested headings and conditions, for rules that are long for a sentence."""
    return _outlined(node, criteria_for(record_type), user)


def _outlined(node: Node, criteria: Mapping[str, Criterion], user: Any) -> Outline:
    if isinstance(node, Leaf):
        return Outline(read_aloud(node, criteria, user))
    inner = node.child if isinstance(node, Not) else node
    children = inner.children if isinstance(inner, Group) else (inner,)
    if isinstance(node, Not) and isinstance(inner, Group) and inner.mode == "all" and len(children) > 1:
        heading = _("Not all of these")
    elif isinstance(node, Not):
        heading = _("None of these")
    else:
        heading = _("All of these") if node.mode == "all" else _("Any of these")
    return Outline(heading, tuple(_outlined(child, criteria, user) for child in children))


def leaf_in_words(criterion: Criterion, leaf: Leaf, user: Any) -> str:
    """One condition read aloud: «Orders: number in the last 90 days is at least 3»."""
    operator = str(OPERATOR_WORDS.get(leaf.op, leaf.op))
    label = str(criterion.label)
    if leaf.last is not None:
        label = _("%(what)s in the last %(days)d days") % {"what": label, "days": leaf.last}
    text = f"{label} {operator} {value_in_words(criterion, leaf, user)}".strip()
    if leaf.where is None or criterion.figure is None:
        return text
    inner = read_aloud(leaf.where, {c.key: c for c in criterion.figure.collection.narrow}, user)
    return _("%(figure)s, only those where %(rule)s") % {"figure": text, "rule": inner}


def _group_sentence(node: Group, criteria: Mapping[str, Criterion], user: Any) -> str:
    if not node.children:
        return _("everybody") if node.mode == "all" else _("nobody")
    word = _(" and ") if node.mode == "all" else _(" or ")
    parts = [read_aloud(child, criteria, user) for child in node.children]
    return word.join(
        f"({part})" if isinstance(child, Group) and len(child.children) > 1 else part
        for part, child in zip(parts, node.children, strict=True)
    )
