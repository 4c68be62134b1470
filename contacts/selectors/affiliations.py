"""Who belongs to which company, in the viewer's scope at both ends."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from contacts.models import Affiliation, Company, Contact
from core.conditions.moment import current_moment
from core.scope.access import profile_for

FORMER_SHOWN = 100


def may_see_who_belongs(user: Any) -> bool:
    """Whether the role shows which company people belong to; asked wherever a company's page would name its
    people. None is the system."""
    return user is None or "company" not in profile_for(user).hidden_fields("contact")


def present() -> Q:
    """Affiliations that have not ended."""
    return Q(valid_to=None) | Q(valid_to__gt=timezone.localdate(current_moment()))


def companies_of(contact: Contact, user: Any) -> list[Affiliation]:
    """A person's companies: the primary one, the other present ones, then former ones, newest first."""
    rows = Affiliation.objects.visible_to(user).filter(contact=contact, company__deleted_at=None)
    ordered = rows.select_related("company").order_by(
        "-is_primary", F("valid_to").desc(nulls_first=True), F("valid_from").desc(nulls_last=True), "pk"
    )
    return list(ordered[:FORMER_SHOWN])


def people_of(company: Company, user: Any) -> QuerySet[Affiliation]:
    """Everybody who belongs or belonged to the company, by name."""
    rows: QuerySet[Affiliation] = Affiliation.objects.visible_to(user).filter(
        company=company, contact__deleted_at=None
    )
    return rows.select_related("contact").order_by("contact__sort_name", "contact_id", "pk")


def former_people_of(company: Company, user: Any) -> list[Affiliation]:
    """Who left, the last one first."""
    rows = people_of(company, user).exclude(present())
    return list(rows.order_by("-valid_to", "pk")[:FORMER_SHOWN])
