"""Relationships as one of the two people reads them, and a company's people as a tree of who reports to whom."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from contacts.models import Affiliation, Company, Contact, Relationship, RelationshipKind
from contacts.selectors.affiliations import people_of, present

REPORTS_TO = "reports_to"
CHART_LIMIT = 500


@dataclass(frozen=True)
class Tie:
    """A relationship from one person's side: «`words` `person`»."""

    row: Relationship
    words: str
    person: Contact

    @property
    def id(self) -> int:
        return int(self.row.pk)

    @property
    def note(self) -> str:
        return self.row.note

    @property
    def since(self) -> date | None:
        return self.row.since


@dataclass
class Seat:
    """Somebody in an org chart, with those who report to them."""

    affiliation: Affiliation
    reports: list["Seat"] = field(default_factory=list)

    @property
    def contact(self) -> Contact:
        return self.affiliation.contact

    @property
    def below(self) -> int:
        """How many people stand below, at all levels."""
        return sum(1 + seat.below for seat in self.reports)


@dataclass(frozen=True)
class OrgChart:
    """The people of a company: those with somebody above or below as trees, the others by name."""

    trees: list[Seat]
    others: list[Seat]
    is_complete: bool


def rows_of(contact: Contact, user: Any) -> QuerySet[Relationship]:
    """The relationships of a person in which the viewer may see the other one as well."""
    rows: QuerySet[Relationship] = Relationship.objects.visible_to(user)
    return rows.filter(
        Q(contact=contact) | Q(other=contact), contact__deleted_at=None, other__deleted_at=None
    )


def ties_of(contact: Contact, user: Any) -> list[Tie]:
    """Everybody a person stands in a relationship to, by kind and name."""
    found: dict[tuple[str, int], Tie] = {}
    rows = rows_of(contact, user).select_related("kind", "contact", "other")
    for row in rows.order_by("kind__position", "kind__name", "pk")[:200]:
        mine = row.contact_id == contact.pk
        words = row.kind.name if mine else row.kind.from_other_end
        person = row.other if mine else row.contact
        found.setdefault((words, person.pk), Tie(row, words, person))
    return list(found.values())


def offered_kinds() -> list[tuple[str, str]]:
    """What the form offers: every kind from both ends, as (`id:out` or `id:in`, words)."""
    choices = []
    for kind in RelationshipKind.objects.filter(is_active=True).order_by("position", "name", "pk"):
        choices.append((f"{kind.pk}:out", kind.name))
        if not kind.is_symmetric:
            choices.append((f"{kind.pk}:in", kind.from_other_end))
    return choices


def org_chart(company: Company, user: Any) -> OrgChart:
    """The present people of a company whom the viewer may see, by who reports to whom (three queries).

    Whoever reports to somebody outside the company, or out of scope, stands at the top of a tree.
    """
    rows = list(people_of(company, user).filter(present())[: CHART_LIMIT + 1])
    seats = {row.contact_id: Seat(row) for row in rows[:CHART_LIMIT]}
    lines = Relationship.objects.filter(kind__key=REPORTS_TO, contact__in=list(seats), other__in=list(seats))
    above: dict[int, int] = dict(lines.order_by("-pk").values_list("contact_id", "other_id"))
    for pk, seat in seats.items():
        if pk in above:
            seats[above[pk]].reports.append(seat)
    tops = [seat for pk, seat in seats.items() if pk not in above]
    return OrgChart(
        [seat for seat in tops if seat.reports],
        [seat for seat in tops if not seat.reports],
        len(rows) <= CHART_LIMIT,
    )
