"""A rule while it is being built: groups of rows, read from form fields and turned into a condition tree."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.conditions.criteria import VALUELESS
from core.conditions.tree import EVERYTHING, Group, Leaf, Node, Not

ROOT = "c"
NAME = re.compile(r"^c(?P<path>(?:-\d{1,3}){0,8})\.(?P<part>mode|field|op|value)$")
MODES = ("all", "any", "none")
PAIRS = ("between",)
LISTS = ("in", "not_in")


@dataclass
class DraftRow:
    """One condition. `values` are texts as typed: none for «is empty», two for «between», any for lists."""

    field: str = ""
    op: str = ""
    values: list[str] = dataclasses.field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        if not self.field or not self.op:
            return False
        if self.op in VALUELESS:
            return True
        filled = [value for value in self.values if value.strip()]
        return len(filled) == 2 if self.op in PAIRS else bool(filled)

    def to_node(self) -> Leaf:
        if self.op in VALUELESS:
            return Leaf(self.field, self.op)
        filled = [value for value in self.values if value.strip()]
        if self.op in LISTS or self.op in PAIRS:
            return Leaf(self.field, self.op, filled)
        return Leaf(self.field, self.op, filled[0] if filled else "")


@dataclass
class DraftGroup:
    """`all`, `any` or `none` of the children."""

    mode: str = "all"
    children: list["DraftRow | DraftGroup"] = dataclasses.field(default_factory=list)

    def to_node(self, *, complete_only: bool = False) -> Node:
        """The condition tree; with `complete_only` what is unfinished is left out. Empty groups inside are
        left out always: they would mean everybody or nobody without anyone having said so."""
        nodes: list[Node] = []
        for child in self.children:
            if isinstance(child, DraftRow):
                if child.is_complete or (child.field and not complete_only):
                    nodes.append(child.to_node())
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
        if "mode" in own or any(len(key) > len(inner) and key[: len(inner)] == inner for key in parts):
            children.append(_group(parts, inner))
        else:
            children.append(DraftRow(_first(own, "field"), _first(own, "op"), own.get("value", [])))
    return DraftGroup(mode if mode in MODES else "all", children)


def _first(own: Mapping[str, list[str]], part: str) -> str:
    return own.get(part, [""])[0][:60]


def draft_of(node: Node) -> DraftGroup:
    """The draft of a saved tree."""
    made = _draft(node)
    return made if isinstance(made, DraftGroup) else DraftGroup("all", [made])


def _draft(node: Node) -> "DraftRow | DraftGroup":
    if isinstance(node, Leaf):
        values = node.value if isinstance(node.value, list | tuple) else [node.value]
        return DraftRow(node.field, node.op, ["" if value is None else str(value) for value in values])
    if isinstance(node, Not):
        child = node.child
        inner = child.children if isinstance(child, Group) and child.mode == "any" else (child,)
        return DraftGroup("none", [_draft(one) for one in inner])
    return DraftGroup(node.mode, [_draft(child) for child in node.children])


def change(draft: DraftGroup, order: str) -> None:
    """Carry out a button of the builder: `add:PATH`, `group:PATH`, `remove:PATH`. Anything else does nothing."""
    what, _colon, text = order.partition(":")
    steps = [int(step) for step in text.removeprefix(ROOT).split("-") if step.isdigit()]
    if what == "remove" and steps:
        parent = _at(draft, steps[:-1])
        if parent is not None and steps[-1] < len(parent.children):
            del parent.children[steps[-1]]
        return
    group = _at(draft, steps)
    if group is None:
        return
    if what == "add":
        group.children.append(DraftRow())
    elif what == "group":
        group.children.append(DraftGroup("any", [DraftRow()]))


def _at(draft: DraftGroup, steps: list[int]) -> DraftGroup | None:
    here = draft
    for step in steps:
        if step >= len(here.children):
            return None
        child = here.children[step]
        if not isinstance(child, DraftGroup):
            return None
        here = child
    return here
