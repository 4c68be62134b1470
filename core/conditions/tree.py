"""The condition tree: the one grammar of lists, segments, the API, and later reports and automation.

JSON: `{"all": […]}`, `{"any": […]}`, `{"not": {…}}` and leaves `{"field": "stage", "op": "in", "value": […]}`.
A leaf about a count or a sum may say within how many days and of which rows:
`{"field": "orders.count", "op": "gte", "value": 3, "last": 90, "where": {"field": "status", …}}`.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.reasons import Explained

MAX_DEPTH = 8
MAX_LEAVES = 60
MAX_DAYS = 36_500
LEAF_KEYS = frozenset({"field", "op", "value", "last", "where"})


class ConditionError(Explained, ValueError):
    """A tree that can't be used; the text names the field or the place and what to do."""


@dataclass(frozen=True)
class Leaf:
    """One comparison. `last` (days) and `where` (of which rows) belong to counts and sums alone."""

    field: str
    op: str
    value: Any = None
    last: int | None = None
    where: "Node | None" = None

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = {"field": self.field, "op": self.op, "value": self.value}
        if self.last is not None:
            plain["last"] = self.last
        if self.where is not None:
            plain["where"] = self.where.to_json()
        return plain


@dataclass(frozen=True)
class Group:
    """`all` or `any` of the children; an empty `all` is true, an empty `any` false."""

    mode: str
    children: tuple["Node", ...]

    def to_json(self) -> dict[str, Any]:
        return {self.mode: [child.to_json() for child in self.children]}


@dataclass(frozen=True)
class Not:
    """The opposite of its child, for every row: a missing value never makes both true or both false."""

    child: "Node"

    def to_json(self) -> dict[str, Any]:
        return {"not": self.child.to_json()}


Node = Leaf | Group | Not
EVERYTHING = Group("all", ())


def parse(data: Any) -> Node:
    """The tree that `data` (decoded JSON) means. Raises ConditionError for anything else than the grammar."""
    node, leaves = _parse(data, 0)
    if leaves > MAX_LEAVES:
        raise ConditionError(_("Use at most %(limit)d conditions."), limit=MAX_LEAVES)
    return node


def _parse(data: Any, depth: int) -> tuple[Node, int]:
    if depth > MAX_DEPTH:
        raise ConditionError(_("Nest conditions at most %(limit)d deep."), limit=MAX_DEPTH)
    if not isinstance(data, dict):
        raise ConditionError(_("A condition is an object with “all”, “any”, “not” or “field”."))
    if "field" in data:
        return _leaf(data, depth)
    if len(data) != 1:
        raise ConditionError(_("A group has exactly one of “all”, “any” and “not”."))
    mode, content = next(iter(data.items()))
    if mode == "not":
        child, leaves = _parse(content, depth + 1)
        return Not(child), leaves
    if mode not in ("all", "any") or not isinstance(content, list):
        raise ConditionError(
            _("“%(mode)s” is not a group; use “all” or “any” with a list."), mode=str(mode)[:40]
        )
    parsed = [_parse(item, depth + 1) for item in content]
    return Group(mode, tuple(node for node, _n in parsed)), sum(n for _node, n in parsed)


def _leaf(data: dict[str, Any], depth: int) -> tuple[Leaf, int]:
    field, op = data.get("field"), data.get("op", "is")
    if not isinstance(field, str) or not isinstance(op, str) or set(data) - LEAF_KEYS:
        raise ConditionError(_("A condition has “field”, “op” and “value”."))
    where, leaves = (None, 0) if data.get("where") is None else _parse(data["where"], depth + 1)
    return Leaf(field, op, data.get("value"), _days(data.get("last")), where), leaves + 1


def _days(value: Any) -> int | None:
    if value is None:
        return None
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 5:
        raise ConditionError(_("“last” is a whole number of days."))
    if not 1 <= int(text) <= MAX_DAYS:
        raise ConditionError(_("“last” is from 1 to %(limit)d days."), limit=MAX_DAYS)
    return int(text)


def leaves_of(node: Node) -> list[Leaf]:
    """All leaves, in reading order; what stands in a leaf's `where` is part of that leaf."""
    if isinstance(node, Leaf):
        return [node]
    if isinstance(node, Not):
        return leaves_of(node.child)
    return [leaf for child in node.children for leaf in leaves_of(child)]
