"""django-filter's FilterSets over the criteria: the URL's parameters parsed into a condition tree.

`?stage=3,4&amount__gte=1000&close_date__in_last=30&q=plate`; `?where={json}` holds a nested tree.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.conditions.compile import compile_tree, usable_criteria
from core.conditions.criteria import VALUELESS, Criterion, Kind, criteria_for
from core.conditions.tree import ConditionError, Group, Leaf, Node, parse
from core.conditions.words import Chip, chip_of_tree, chips_of

LISTS = ("in", "not_in", "between")
RESERVED = frozenset(
    {"q", "sort", "columns", "view", "layout", "cursor", "page_size", "format", "peek", "where"}
)


class ConditionFilterSet(django_filters.FilterSet):
    """Built by `filterset_for(record_type)`: one filter for each criterion and operator.

    `tree()` is what the URL asks for; `qs` is the given queryset restricted to it. Wrong values land in
    `errors` by parameter, and what was right is applied.
    """

    record_type: ClassVar[str] = ""
    known_filters: ClassVar[dict[str, Any]] = {}

    def __init__(self, data: Mapping[str, Any] | None, queryset: QuerySet[Any], *, user: Any) -> None:
        # the base class copies every filter deeply, sixty of them, for each request
        asked = {name: self.known_filters[name] for name in data or () if name in self.known_filters}
        self.base_filters = asked
        super().__init__(data=data or QueryDict(), queryset=queryset)
        self.user = user
        self.problems: dict[str, str] = {}
        self.criteria = usable_criteria(self.record_type, user)

    def leaves(self) -> list[tuple[str, Leaf]]:
        """(parameter, leaf) for every filter in the URL."""
        found = []
        for parameter in self.data:
            key, _separator, op = parameter.partition("__")
            criterion = self.criteria.get(key)
            raw = self.data.get(parameter)
            if criterion is None or parameter in RESERVED or raw in (None, ""):
                continue
            found.append((parameter, _leaf(criterion, op or criterion.ops[0], str(raw))))
        return found

    def tree(self) -> Node:
        """The tree of all valid filters; what is wrong is told in `problems` and left out."""
        nodes: list[Node] = []
        for parameter, leaf in self.leaves():
            if self._valid(parameter, leaf):
                nodes.append(leaf)
        if where := self.data.get("where"):
            nested = self._nested(str(where))
            nodes += [nested] if nested is not None else []
        return Group("all", tuple(nodes))

    def unknown(self) -> list[str]:
        """Parameters that mean nothing here (the API refuses them, pages ignore them)."""
        return [
            name
            for name in self.data
            if name not in RESERVED and name.partition("__")[0] not in self.criteria
        ]

    @property
    def qs(self) -> QuerySet[Any]:
        condition = compile_tree(self.tree(), self.record_type, self.user)
        rows: QuerySet[Any] = self.queryset.filter(condition) if self.data else self.queryset
        return rows

    def chips(self) -> list[Chip]:
        """The filters in words, for the chips above a list."""
        chips = chips_of(self.record_type, self.leaves(), self.user)
        nested = self._nested(str(self.data["where"])) if self.data.get("where") else None
        return [*chips, chip_of_tree("where", nested, self.record_type, self.user)] if nested else chips

    def _valid(self, parameter: str, node: Node) -> bool:
        try:
            compile_tree(node, self.record_type, self.user)
        except ConditionError as error:
            self.problems[parameter] = str(error)
            return False
        return True

    def _nested(self, text: str) -> Node | None:
        try:
            node = parse(json.loads(text))
        except (ValueError, RecursionError) as error:
            self.problems["where"] = (
                str(error) if isinstance(error, ConditionError) else str(_("This is not JSON."))
            )
            return None
        return node if self._valid("where", node) else None


@cache
def filterset_for(record_type: str) -> type[ConditionFilterSet]:
    """The FilterSet of a record type; ask for it when criteria are registered, not at import."""
    filters: dict[str, Any] = {}
    for criterion in criteria_for(record_type).values():
        for op in (*criterion.ops, *criterion.also):
            name = criterion.key if op == criterion.ops[0] else f"{criterion.key}__{op}"
            filters[name] = _filter(criterion, op)
    words = {"record_type": record_type, "known_filters": filters, **filters}
    return type(f"{record_type.title()}FilterSet", (ConditionFilterSet,), words)


def _filter(criterion: Criterion, op: str) -> django_filters.Filter:
    label = f"{criterion.label} ({op})"
    if op in VALUELESS or criterion.kind == Kind.BOOL:
        return django_filters.BooleanFilter(label=label, widget=forms.CheckboxInput)
    if op in LISTS or criterion.kind in (Kind.CHOICE, Kind.REF):
        return django_filters.CharFilter(label=label)
    if criterion.kind == Kind.DATE and op in ("before", "after", "on"):
        return django_filters.DateFilter(label=label)
    if criterion.kind == Kind.NUMBER or criterion.kind == Kind.DATE:
        return django_filters.NumberFilter(label=label)
    return django_filters.CharFilter(label=label)


def _leaf(criterion: Criterion, op: str, raw: str) -> Leaf:
    if op in VALUELESS:
        return Leaf(criterion.key, op)
    if op in LISTS:
        return Leaf(criterion.key, op, [item for item in raw.split(",") if item])
    return Leaf(criterion.key, op, raw)
