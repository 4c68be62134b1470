"""A rule while it is being built: groups of rows, read from form fields and turned into a condition tree."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.conditions.criteria import VALUELESS
from core.conditions.tree import EVERYTHING, Group, Leaf, Node, Not

ROOT = "c"
NAME = re.compile(r"^c(?P<path>(?:-\d{1,3}){0,8})\.(?P<part>mode|field|op|value|last)$")
MODES = ("all", "any", "none")
PAIRS = ("between",)
LISTS = ("in", "not_in")


@dataclass
class DraftRow:
    """One condition. `values` are texts as typed: none for «is empty», two for «between», any for lists. Counts
    and sums have a window of `last` days and rows of their own that say which are counted. `is_new` is where
    the next word is typed."""

    field: str = ""
    op: str = ""
    values: list[str] = dataclasses.field(default_factory=list)
    last: str = ""
    narrow: list["DraftRow"] = dataclasses.field(default_factory=list)
    is_new: bool = False

    @property
    def is_complete(self) -> bool:
        if not self.field or not self.op:
            return False
        if self.op in VALUELESS:
            return True
        filled = [value for value in self.values if value.strip()]
        return len(filled) == 2 if self.op in PAIRS else bool(filled)

    def to_node(self, *, complete_only: bool = False) -> Leaf:
        last = int(self.last) if self.last.isascii() and self.last.isdigit() else None
        inner = [row.to_node() for row in self.narrow if row.is_complete or (row.field and not complete_only)]
        where = Group("all", tuple(inner)) if inner else None
        return Leaf(self.field, self.op, self._value(), last, where)

    def _value(self) -> list[str] | str | None:
        if self.op in VALUELESS:
            return None
        filled = [value for value in self.values if value.strip()]
        if self.op in LISTS or self.op in PAIRS:
            return filled
        return filled[0] if filled else ""


@dataclass
class DraftGroup:
    """`all`, `any` or `none` of the children."""

    mode: str = "all"
    children: list["DraftRow | DraftGroup"] = dataclasses.field(default_factory=list)
    is_new: bool = False

    def to_node(self, *, complete_only: bool = False) -> Node:
        """The condition tree; with `complete_only` what is unfinished is left out. Empty groups inside are
        left out always: they would mean everybody or nobody without anyone having said so."""
        nodes: list[Node] = []
        for child in self.children:
            if isinstance(child, DraftRow):
                if child.is_complete or (child.field and not complete_only):
                    nodes.append(child.to_node(complete_only=complete_only))
            elif child.has_rows:
                inner = child.to_node(complete_only=complete_only)
                nodes += [] if inner == EVERYTHING else [inner]
        if self.mode == "none":
            return Not(Group("any", tuple(nodes))) if nodes else Group("all", ())
        if self.mode == "any" and not nodes:
            return Group("all", ())
        return Group(self.mode, tuple(nodes))

    @property
    def has_rows(self) -> bool:
        return any(child.field if isinstance(child, DraftRow) else child.has_rows for child in self.children)


def read_draft(data: Any) -> DraftGroup:
    """The draft that form fields (a QueryDict) describe; anything unreadable is left out."""
    parts: dict[tuple[int, ...], dict[str, list[str]]] = {}
    for name in data:
        found = NAME.match(name)
        if found:
            path = tuple(int(step) for step in found["path"].split("-") if step)
            parts.setdefault(path, {})[found["part"]] = data.getlist(name)
    return _group(parts, ())


def _group(parts: Mapping[tuple[int, ...], dict[str, list[str]]], path: tuple[int, ...]) -> DraftGroup:
    mode = _first(parts.get(path, {}), "mode")
    depth = len(path)
    steps = sorted({key[depth] for key in parts if len(key) > depth and key[:depth] == path})
    children: list[DraftRow | DraftGroup] = []
    for step in steps:
        inner = (*path, step)
        own = parts.get(inner, {})
        deeper = any(len(key) > len(inner) and key[: len(inner)] == inner for key in parts)
        if "mode" in own or (deeper and "field" not in own):
            children.append(_group(parts, inner))
        else:
            children.append(_row(parts, inner))
    return DraftGroup(mode if mode in MODES else "all", children)


def _row(parts: Mapping[tuple[int, ...], dict[str, list[str]]], path: tuple[int, ...]) -> DraftRow:
    own, depth = parts.get(path, {}), len(path)
    steps = sorted({key[depth] for key in parts if len(key) > depth and key[:depth] == path})
    narrow = [_row(parts, (*path, step)) for step in steps]
    fields = (_first(own, "field"), _first(own, "op"), own.get("value", []), _first(own, "last").strip())
    return DraftRow(*fields, narrow)


def _first(own: Mapping[str, list[str]], part: str) -> str:
    return own.get(part, [""])[0][:60]


def draft_of(node: Node) -> DraftGroup:
    """The draft of a saved tree."""
    made = _draft(node)
    return made if isinstance(made, DraftGroup) else DraftGroup("all", [made])


def _draft(node: Node) -> "DraftRow | DraftGroup":
    if isinstance(node, Leaf):
        return _drafted_row(node)
    if isinstance(node, Not):
        child = node.child
        inner = child.children if isinstance(child, Group) and child.mode == "any" else (child,)
        return DraftGroup("none", [_draft(one) for one in inner])
    return DraftGroup(node.mode, [_draft(child) for child in node.children])


def _drafted_row(leaf: Leaf) -> DraftRow:
    values = leaf.value if isinstance(leaf.value, list | tuple) else [leaf.value]
    where = leaf.where
    inner = where.children if isinstance(where, Group) and where.mode == "all" else (where,) if where else ()
    return DraftRow(
        leaf.field,
        leaf.op,
        ["" if value is None else str(value) for value in values],
        "" if leaf.last is None else str(leaf.last),
        [_drafted_row(one) for one in inner if isinstance(one, Leaf)],
    )


def is_drawable(node: Node) -> bool:
    """Whether the builder can show the whole rule: rows are narrowed by plain conditions that all hold."""
    if isinstance(node, Leaf):
        where = node.where
        if where is None or isinstance(where, Leaf):
            return True
        return (
            isinstance(where, Group)
            and where.mode == "all"
            and all(isinstance(c, Leaf) for c in where.children)
        )
    children = (node.child,) if isinstance(node, Not) else node.children
    return all(is_drawable(child) for child in children)


def change(draft: DraftGroup, order: str) -> None:
    """Carry out a button of the builder: `add:PATH`, `group:PATH`, `narrow:PATH`, `remove:PATH`. Anything else
    does nothing. What comes to be, or what is next to what went, is where the typing goes on."""
    what, _colon, text = order.partition(":")
    steps = [int(step) for step in text.removeprefix(ROOT).split("-") if step.isdigit()]
    if what == "remove" and steps:
        _remove(draft, steps)
        return
    place = _at(draft, steps)
    if isinstance(place, DraftGroup) and what == "add":
        place.children.append(DraftRow(is_new=True))
    elif isinstance(place, DraftGroup) and what == "group":
        place.children.append(DraftGroup("any", [DraftRow(is_new=True)]))
    elif isinstance(place, DraftRow) and what == "narrow":
        place.narrow.append(DraftRow(is_new=True))


def _remove(draft: DraftGroup, steps: list[int]) -> None:
    parent = _at(draft, steps[:-1])
    inside = _inside(parent)
    if parent is not None and steps[-1] < len(inside):
        del inside[steps[-1]]
        parent.is_new = True


def _inside(place: "DraftGroup | DraftRow | None") -> list[Any]:
    if place is None:
        return []
    return place.children if isinstance(place, DraftGroup) else place.narrow


def _at(draft: DraftGroup, steps: list[int]) -> "DraftGroup | DraftRow | None":
    here: DraftGroup | DraftRow = draft
    for step in steps:
        inside = _inside(here)
        if step >= len(inside):
            return None
        here = inside[step]
    return here
