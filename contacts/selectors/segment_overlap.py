"""How segments overlap: how many people are in which of them, in the asker's scope."""

import json
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import BooleanField, Case, Count, Value, When

from contacts.models import Contact, Segment
from contacts.selectors.groups import member_condition
from core.conditions.rows_links import RowsLink
from core.conditions.tree import Group, Leaf, Node

MOST = 5


@dataclass(frozen=True)
class Overlap:
    """`exact` counts people by exactly which of the segments they are in (true and false in the order of
    `segments`), the largest first; those in none are left out."""

    segments: list[Segment]
    exact: list[tuple[tuple[bool, ...], int]]

    def size(self, number: int) -> int:
        return sum(count for pattern, count in self.exact if pattern[number])

    def shared(self, one: int, other: int) -> int:
        return sum(count for pattern, count in self.exact if pattern[one] and pattern[other])

    @property
    def pairs(self) -> list[tuple[Segment, Segment, int, float]]:
        """(segment, segment, in both, share of those in either)."""
        found = []
        for one, other in combinations(range(len(self.segments)), 2):
            both = self.shared(one, other)
            either = self.size(one) + self.size(other) - both
            found.append((self.segments[one], self.segments[other], both, both / either if either else 0.0))
        return found

    def names(self, pattern: tuple[bool, ...]) -> list[str]:
        return [one.name for one, inside in zip(self.segments, pattern, strict=True) if inside]

    def people(self, pattern: tuple[bool, ...]) -> RowsLink:
        """The people who are in exactly those of the segments."""
        inside = [one.pk for one, is_in in zip(self.segments, pattern, strict=True) if is_in]
        outside = [one.pk for one, is_in in zip(self.segments, pattern, strict=True) if not is_in]
        leaves: list[Node] = [Leaf("segment", "in", [pk]) for pk in inside]
        leaves += [Leaf("segment", "not_in", outside)] if outside else []
        return _people(leaves)

    def people_in_both(self, one: Segment, other: Segment) -> RowsLink:
        return _people([Leaf("segment", "in", [one.pk]), Leaf("segment", "in", [other.pk])])


def _people(leaves: "list[Node]") -> RowsLink:
    return RowsLink("contact", (("where", json.dumps(Group("all", tuple(leaves)).to_json())),))


def overlap_of(segments: list[Segment], user: Any) -> Overlap:
    """The overlap of two to five segments. One query. Raises ConditionError."""
    chosen = segments[:MOST]
    names = [f"in_{number}" for number in range(len(chosen))]
    columns = {
        name: Case(
            When(member_condition(segment, user), then=Value(True)),
            default=Value(False),
            output_field=BooleanField(),
        )
        for name, segment in zip(names, chosen, strict=True)
    }
    rows = Contact.objects.all() if user is None else Contact.objects.visible_to(user)
    counted = rows.order_by().annotate(**columns).values(*names).annotate(people=Count("pk"))
    exact = [(tuple(bool(row[name]) for name in names), int(row["people"])) for row in counted]
    some = [(pattern, count) for pattern, count in exact if any(pattern)]
    return Overlap(chosen, sorted(some, key=lambda item: (-item[1], item[0])))
