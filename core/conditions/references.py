"""Conditions whose ids of records were merged since they were written: the tree as it is meant now."""

from collections.abc import Mapping
from typing import Any

from core.conditions.criteria import Criterion, Kind
from core.conditions.tree import Group, Leaf, Node, Not
from core.registries import aliases


def followed(node: Node, criteria: Mapping[str, Criterion]) -> Node:
    """The tree with the ids of the records that go on. Compiling a condition does the same by itself; this is
    for those who compare trees or keep what a tree answered. One query for each leaf that names records of a
    type that is merged."""
    if isinstance(node, Group):
        return Group(node.mode, tuple(followed(child, criteria) for child in node.children))
    if isinstance(node, Not):
        return Not(followed(node.child, criteria))
    criterion = criteria.get(node.field)
    if criterion is None:
        return node
    where = node.where
    if where is not None and criterion.figure is not None:
        where = followed(where, {one.key: one for one in criterion.figure.collection.narrow})
    value = node.value
    if criterion.kind == Kind.REF and criterion.ref_type in aliases.mergeable_types():
        value = _values(criterion.ref_type, value)
    return Leaf(node.field, node.op, value, node.last, where)


def _values(record_type: str, value: Any) -> Any:
    """Values that are not ids stay, for the compiler to refuse."""
    items = value if isinstance(value, list | tuple) else [value]
    if not items or not all(str(item).isascii() and str(item).isdigit() for item in items):
        return value
    current = aliases.current_ids(record_type, [int(item) for item in items])
    return value if current == [int(item) for item in items] else current
