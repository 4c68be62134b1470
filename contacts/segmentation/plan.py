"""What has to be worked out for a set of segments: each distinct condition once, each rule over them.

Knows no ORM and no request. Rules that name other segments are put in their place, so that a rule is a tree of
plain conditions and of memberships in fixed segments.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.conditions.tree import ConditionError, Group, Leaf, Node, Not, parse

FIXED = "=member of"
"""The field of the condition that somebody is in a fixed segment; no rule of a person can name it."""
NOBODY = Group("any", ())
VERSION = 1
"""Raise it when a condition means something else than before: every segment is filled again."""


@dataclass(frozen=True)
class Definition:
    """What a segment is, as its row says."""

    id: int
    name: str
    is_fixed: bool
    rule: Any


def expand(definition: Definition, known: Mapping[int, Definition], above: tuple[int, ...] = ()) -> Node:
    """The rule without any mention of other segments. Raises ConditionError, also where it contains itself."""
    if definition.is_fixed:
        return Leaf(FIXED, "is", definition.id)
    if definition.id in above:
        raise ConditionError(_("The segment “%(name)s” contains itself."), name=definition.name)
    return expand_node(parse(definition.rule or {"all": []}), known, (*above, definition.id))


def expand_node(node: Node, known: Mapping[int, Definition], above: tuple[int, ...] = ()) -> Node:
    """A tree without any mention of segments; an unknown one holds nobody."""
    if isinstance(node, Group):
        return Group(node.mode, tuple(expand_node(child, known, above) for child in node.children))
    if isinstance(node, Not):
        return Not(expand_node(node.child, known, above))
    if node.field != "segment":
        return node
    named = node.value if isinstance(node.value, list | tuple) else [node.value]
    wanted = [known[int(n)] for n in named if str(n).isdigit() and int(n) in known]
    either = Group("any", tuple(expand(one, known, above) for one in wanted))
    return Not(either) if node.op == "not_in" else either


def mentions_segments(node: Node) -> bool:
    if isinstance(node, Leaf):
        return node.field == "segment"
    children = (node.child,) if isinstance(node, Not) else node.children
    return any(mentions_segments(child) for child in children)


def fingerprint(node: Node) -> str:
    """The same for two rules exactly when they are written the same."""
    text = json.dumps([VERSION, node.to_json()], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Plan:
    """Distinct leaves, numbered, and the rule of each slot."""

    rules: dict[int, Node] = field(default_factory=dict)
    leaves: list[Leaf] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def add(self, slot: int, node: Node) -> None:
        self.rules[slot] = node
        for leaf in _leaves(node):
            key = _key(leaf)
            if key not in self._numbers:
                self._numbers[key] = len(self.leaves)
                self.leaves.append(leaf)

    def number_of(self, leaf: Leaf) -> int:
        return self._numbers[_key(leaf)]

    @property
    def width(self) -> int:
        """How many bits the highest slot needs."""
        return max(self.rules, default=-1) + 1

    def boolean(self, slot: int) -> str:
        """The rule of a slot as SQL over the columns `l0`, `l1`…, which are never null."""
        return self._sql(self.rules[slot])

    def _sql(self, node: Node) -> str:
        if isinstance(node, Leaf):
            return f"l{self.number_of(node)}"
        if isinstance(node, Not):
            return f"NOT {self._sql(node.child)}"
        if not node.children:
            return "true" if node.mode == "all" else "false"
        word = " AND " if node.mode == "all" else " OR "
        return "(" + word.join(self._sql(child) for child in node.children) + ")"


def _leaves(node: Node) -> list[Leaf]:
    if isinstance(node, Leaf):
        return [node]
    children = (node.child,) if isinstance(node, Not) else node.children
    return [leaf for child in children for leaf in _leaves(child)]


def _key(leaf: Leaf) -> str:
    return json.dumps(leaf.to_json(), sort_keys=True, default=str)
