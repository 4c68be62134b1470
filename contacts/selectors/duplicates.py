"""Who somebody may already be: shown before saving, nobody is stopped."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.models import Company, Contact, ContactPoint
from contacts.normalise import normalise_point
from contacts.services.points import default_country
from core.text import sort_key

ALIKE = 0.6
LIMIT = 5


@dataclass(frozen=True)
class Possible:
    """A record that may be the same, and why."""

    record: Any
    reason: str


def possible_contacts(user: Any, *, name: str = "", email: str = "", phone: str = "") -> list[Possible]:
    """People in the asker's scope with the same address or number, or a very similar name."""
    visible = Contact.objects.visible_to(user)
    found = _by_points(visible, "contact_id", email, phone)
    key = sort_key(name)
    if len(key) > 4:
        alike = visible.filter(sort_name__trigram_similar=key).annotate(
            alike=TrigramSimilarity("sort_name", key)
        )
        for contact in alike.filter(alike__gte=ALIKE).order_by("-alike", "pk")[:LIMIT]:
            found.setdefault(contact.pk, Possible(contact, _("A very similar name")))
    return list(found.values())[:LIMIT]


def possible_companies(user: Any, *, name: str = "", domain: str = "") -> list[Possible]:
    """Companies in the asker's scope with the same web domain or a very similar name."""
    visible = Company.objects.visible_to(user)
    found: dict[int, Possible] = {}
    if domain:
        for company in visible.filter(domain__iexact=domain)[:LIMIT]:
            found[company.pk] = Possible(company, _("The same web domain"))
    key = sort_key(name)
    if len(key) > 2:
        alike = visible.filter(sort_name__trigram_similar=key).annotate(
            alike=TrigramSimilarity("sort_name", key)
        )
        for company in alike.filter(alike__gte=ALIKE).order_by("-alike", "pk")[:LIMIT]:
            found.setdefault(company.pk, Possible(company, _("A very similar name")))
    return list(found.values())[:LIMIT]


def _by_points(visible: Any, party: str, email: str, phone: str) -> dict[int, Possible]:
    found: dict[int, Possible] = {}
    for kinds, value, reason in (
        (("email",), email, _("The same e-mail address")),
        (("phone", "mobile"), phone, _("The same phone number")),
    ):
        try:
            normalised = normalise_point(kinds[0], value, default_country()) if value else ""
        except ValidationError:
            continue
        if normalised:
            ids = ContactPoint.objects.filter(kind__in=kinds, normalised=normalised).values(party)
            for record in visible.filter(pk__in=ids).order_by("pk")[:LIMIT]:
                found.setdefault(record.pk, Possible(record, reason))
    return found
