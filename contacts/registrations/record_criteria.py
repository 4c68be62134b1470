"""What may be asked about companies that people belong to, and how they stand to each other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import BuyingRole, CommunicationStyle, PreferredChannel
from contacts.geo.distance import circle_of, within
from contacts.models import Affiliation, Company, Contact, Relationship, RelationshipKind
from contacts.selectors.affiliations import present
from core.conditions.criteria import Criterion, Kind, register
from core.conditions.moment import start_of_day
from core.conditions.within import narrow

INVERSE = ":from"
"""In a value of «relationship»: the kind read from the other end."""


AFFILIATIONS = (Affiliation._meta.db_table, Company._meta.db_table)
RELATIONSHIPS = (
    Relationship._meta.db_table,
    RelationshipKind._meta.db_table,
    Contact._meta.db_table,
)


def next_end(op: str, value: Any, now: datetime) -> list[Any]:
    """When a present affiliation next becomes a former one by the calendar alone."""
    today = timezone.localdate(now)
    rows = Affiliation.objects.filter(contact=OuterRef("pk"), valid_to__gt=today).order_by("valid_to")
    return [start_of_day(Subquery(rows.values("valid_to")[:1]))]


def of_person(rows: Any, *ends: str) -> Q:
    """That the person stands at one of the `ends` of one of the rows."""
    found = Q(pk__in=[])
    for end in ends:
        found |= Q(pk__in=narrow(rows, end).values(end))
    return found


def works_at(op: str, value: Any, user: Any) -> Q:
    """Belongs to a company now; of companies in the asker's view only."""
    rows = Affiliation.objects.filter(present())
    if op in ("in", "not_in"):
        seen = Company.objects.all() if user is None else Company.objects.visible_to(user)
        rows = rows.filter(company__in=seen.filter(pk__in=value).values("pk"))
    has = of_person(rows, "contact_id")
    return ~has if op in ("not_in", "empty") else has


def worked_at(op: str, value: Any, user: Any) -> Q:
    """Belonged to a company once and not now."""
    rows = Affiliation.objects.exclude(present())
    if op in ("in", "not_in"):
        seen = Company.objects.all() if user is None else Company.objects.visible_to(user)
        rows = rows.filter(company__in=seen.filter(pk__in=value).values("pk"))
    has = of_person(rows, "contact_id")
    return ~has if op in ("not_in", "empty") else has


def buying_role(op: str, value: Any, user: Any) -> Q:
    rows = Affiliation.objects.filter(present())
    rows = rows.exclude(role="") if op in ("empty", "not_empty") else rows.filter(role__in=value)
    has = of_person(rows, "contact_id")
    return ~has if op in ("not_in", "empty") else has


def relationship_choices() -> Sequence[tuple[str, Any]]:
    """Every kind from both ends."""
    choices = []
    for kind in RelationshipKind.objects.order_by("position", "pk"):
        choices.append((kind.key, kind.name))
        if not kind.is_symmetric:
            choices.append((f"{kind.key}{INVERSE}", kind.from_other_end))
    return choices


def relationship(op: str, value: Any, user: Any) -> Q:
    """Stands in a relationship of one of the kinds, to people in the asker's view."""
    rows = Relationship.objects.all() if user is None else Relationship.objects.visible_to(user)
    if op in ("empty", "not_empty"):
        has = of_person(rows, "contact_id", "other_id")
        return ~has if op == "empty" else has
    names = [item.removesuffix(INVERSE) for item in value if item.endswith(INVERSE)]
    here = [item for item in value if not item.endswith(INVERSE)]
    there = rows.filter(Q(kind__key__in=names) | Q(kind__key__in=here, kind__is_symmetric=True))
    has = of_person(rows.filter(kind__key__in=here), "contact_id") | of_person(there, "other_id")
    return ~has if op == "not_in" else has


def near(op: str, value: Any, user: Any) -> Q:
    return within(circle_of(value))


def near_of(table: str) -> Criterion:
    """“Within 50 km of Leeds”."""
    return Criterion(
        "near",
        _("Distance"),
        Kind.TEXT,
        build=near,
        operators=("within",),
        hint=_("50 km of Leeds"),
        field="city",
        icon="map-pin",
        moved_by=(table,),
    )


def related_to(op: str, value: Any, user: Any) -> Q:
    """Stands in any relationship to one of the people, of those in the asker's view."""
    rows = Relationship.objects.all() if user is None else Relationship.objects.visible_to(user)
    seen = Contact.objects.all() if user is None else Contact.objects.visible_to(user)
    people = seen.filter(pk__in=value).values("pk")
    has = of_person(rows.filter(other__in=people), "contact_id") | of_person(
        rows.filter(contact__in=people), "other_id"
    )
    return ~has if op == "not_in" else has


register(
    "contact",
    Criterion(
        "works_at",
        _("Works at"),
        Kind.REF,
        build=works_at,
        moved_by=AFFILIATIONS,
        reads=("company",),
        turns=next_end,
        ref_type="company",
        field="company",
        icon="building",
    ),
    Criterion(
        "worked_at",
        _("Worked at before"),
        Kind.REF,
        build=worked_at,
        moved_by=AFFILIATIONS,
        reads=("company",),
        turns=next_end,
        ref_type="company",
        field="company",
        icon="door-exit",
    ),
    Criterion(
        "buying_role",
        _("Buying role"),
        Kind.CHOICE,
        build=buying_role,
        moved_by=AFFILIATIONS,
        turns=next_end,
        choices=lambda: BuyingRole.choices,
        field="company",
        icon="briefcase",
    ),
    Criterion(
        "relationship",
        _("Relationship"),
        Kind.CHOICE,
        build=relationship,
        moved_by=RELATIONSHIPS,
        reads=("contact",),
        choices=relationship_choices,
        field="relationships",
        icon="users",
    ),
    Criterion(
        "related_to",
        _("Related to"),
        Kind.REF,
        build=related_to,
        moved_by=RELATIONSHIPS,
        reads=("contact",),
        ref_type="contact",
        operators=("in", "not_in"),
        field="relationships",
        icon="users",
    ),
    Criterion(
        "preferred_channel",
        _("Preferred channel"),
        Kind.CHOICE,
        path="preferred_channel",
        choices=lambda: PreferredChannel.choices,
        icon="message",
    ),
    Criterion("best_hour", _("Best hour"), Kind.NUMBER, path="best_hour", icon="clock"),
    Criterion(
        "communication_style",
        _("Communication style"),
        Kind.CHOICE,
        path="communication_style",
        choices=lambda: CommunicationStyle.choices,
        icon="message",
    ),
    Criterion("interests", _("Interests"), Kind.TEXT, path="interests", icon="star"),
    Criterion("values_held", _("Values"), Kind.TEXT, path="values_held", icon="star"),
    Criterion("time_zone", _("Time zone"), Kind.TEXT, path="time_zone", icon="clock"),
    Criterion("salutation", _("Salutation"), Kind.TEXT, path="salutation", icon="user"),
    near_of(Contact._meta.db_table),
)
register(
    "company",
    near_of(Company._meta.db_table),
    Criterion("revenue", _("Annual revenue"), Kind.NUMBER, path="annual_revenue", icon="chart-pie"),
    Criterion("founded", _("Founded"), Kind.NUMBER, path="founded_year", icon="calendar"),
    Criterion(
        "parent",
        _("Parent company"),
        Kind.REF,
        path="parent_id",
        ref_type="company",
        field="parent",
        icon="hierarchy",
    ),
)
