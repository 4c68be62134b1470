"""What may be asked about companies that people belong to, and how they stand to each other."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.enums import BuyingRole
from contacts.models import Affiliation, Company, Contact, Relationship, RelationshipKind
from contacts.selectors.affiliations import present
from core.conditions.criteria import Criterion, Kind, register

INVERSE = ":from"
"""In a value of «relationship»: the kind read from the other end."""


def works_at(op: str, value: Any, user: Any) -> Q:
    """Belongs to a company now; of companies in the asker's view only."""
    rows = Affiliation.objects.filter(present())
    if op in ("in", "not_in"):
        seen = Company.objects.all() if user is None else Company.objects.visible_to(user)
        rows = rows.filter(company__in=seen.filter(pk__in=value).values("pk"))
    has = Q(pk__in=rows.values("contact_id"))
    return ~has if op in ("not_in", "empty") else has


def worked_at(op: str, value: Any, user: Any) -> Q:
    """Belonged to a company once and not now."""
    rows = Affiliation.objects.exclude(present())
    if op in ("in", "not_in"):
        seen = Company.objects.all() if user is None else Company.objects.visible_to(user)
        rows = rows.filter(company__in=seen.filter(pk__in=value).values("pk"))
    has = Q(pk__in=rows.values("contact_id"))
    return ~has if op in ("not_in", "empty") else has


def buying_role(op: str, value: Any, user: Any) -> Q:
    rows = Affiliation.objects.filter(present())
    rows = rows.exclude(role="") if op in ("empty", "not_empty") else rows.filter(role__in=value)
    has = Q(pk__in=rows.values("contact_id"))
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
    rows = rows.filter(contact__deleted_at=None, other__deleted_at=None)
    if op in ("empty", "not_empty"):
        has = Q(pk__in=rows.values("contact_id")) | Q(pk__in=rows.values("other_id"))
        return ~has if op == "empty" else has
    names = [item.removesuffix(INVERSE) for item in value if item.endswith(INVERSE)]
    here = [item for item in value if not item.endswith(INVERSE)]
    there = rows.filter(Q(kind__key__in=names) | Q(kind__key__in=here, kind__is_symmetric=True))
    has = Q(pk__in=rows.filter(kind__key__in=here).values("contact_id")) | Q(pk__in=there.values("other_id"))
    return ~has if op == "not_in" else has


def related_to(op: str, value: Any, user: Any) -> Q:
    """Stands in any relationship to one of the people, of those in the asker's view."""
    rows = Relationship.objects.all() if user is None else Relationship.objects.visible_to(user)
    seen = Contact.objects.all() if user is None else Contact.objects.visible_to(user)
    people = seen.filter(pk__in=value).values("pk")
    has = Q(pk__in=rows.filter(other__in=people).values("contact_id")) | Q(
        pk__in=rows.filter(contact__in=people).values("other_id")
    )
    return ~has if op == "not_in" else has


register(
    "contact",
    Criterion(
        "works_at",
        _("Works at"),
        Kind.REF,
        build=works_at,
        ref_type="company",
        field="company",
        icon="building",
    ),
    Criterion(
        "worked_at",
        _("Worked at before"),
        Kind.REF,
        build=worked_at,
        ref_type="company",
        field="company",
        icon="door-exit",
    ),
    Criterion(
        "buying_role",
        _("Buying role"),
        Kind.CHOICE,
        build=buying_role,
        choices=lambda: BuyingRole.choices,
        field="company",
        icon="briefcase",
    ),
    Criterion(
        "relationship",
        _("Relationship"),
        Kind.CHOICE,
        build=relationship,
        choices=relationship_choices,
        field="relationships",
        icon="users",
    ),
    Criterion(
        "related_to",
        _("Related to"),
        Kind.REF,
        build=related_to,
        ref_type="contact",
        operators=("in", "not_in"),
        field="relationships",
        icon="users",
    ),
)
