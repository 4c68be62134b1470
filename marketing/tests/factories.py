"""Builders of campaigns and their people."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from contacts.enums import ConsentState, SegmentKind
from contacts.models import Consent, Contact, ContactPoint, Segment, SegmentMember
from core.models import Organisation
from marketing.models import Campaign
from marketing.services.campaigns import create_campaign

_numbers = iter(range(1, 10**9))
TEXT = 'Hi {{ first_name|fallback:"there" }},\nplease look at our news.\n'
HTML = '<p>Hi {{ first_name|fallback:"there" }}, <a href="https://shop.acme.test/news">read on</a></p>'


def make_person(address: str | None = "", *, consent: str = ConsentState.GRANTED, **fields: Any) -> Contact:
    """A contact with an e-mail address (None: without one) and a line in the consent ledger ("": none)."""
    number = next(_numbers)
    fields.setdefault("first_name", f"Person{number}")
    fields.setdefault("last_name", "Example")
    name = f"{fields['first_name']} {fields['last_name']}".strip()
    contact = Contact.objects.create(name=name, sort_name=name.lower(), **fields)
    if address is not None:
        address = address or f"person{number}@example.org"
        ContactPoint.objects.create(
            contact=contact, kind="email", value=address, normalised=address.lower(), is_primary=True
        )
    if consent:
        Consent.objects.create(contact=contact, state=consent, source="test")
    return contact


def make_segment(*people: Contact) -> Segment:
    segment = Segment.objects.create(name=f"Segment {next(_numbers)}", kind=SegmentKind.STATIC)
    SegmentMember.objects.bulk_create([SegmentMember(segment=segment, contact=one) for one in people])
    return segment


def make_organisation() -> Organisation:
    organisation, _created = Organisation.objects.update_or_create(
        pk=1, defaults={"name": "Acme", "postal_address": "Acme Ltd\n1 Main St"}
    )
    return organisation


def make_campaign(*people: Contact, **fields: Any) -> Campaign:
    """A draft to the given people, ready to be launched."""
    make_organisation()
    values: dict[str, Any] = {
        "name": f"Campaign {next(_numbers)}",
        "segment": make_segment(*people),
        "from_name": "Acme News",
        "from_address": "news@acme.test",
        "subject": "News for {{ first_name }}",
        "text": TEXT,
        "html": HTML,
    }
    return create_campaign(actor=None, **{**values, **fields})


def make_crowd(count: int) -> list[Contact]:
    """Many people with consent and an address each, written in bulk."""
    first = next(_numbers) * 1_000_000
    people = Contact.objects.bulk_create(
        Contact(first_name=f"P{first + n}", name=f"P{first + n}", sort_name=f"p{first + n}")
        for n in range(count)
    )
    ContactPoint.objects.bulk_create(
        ContactPoint(
            contact=one,
            kind="email",
            value=f"{one.sort_name}@example.org",
            normalised=f"{one.sort_name}@example.org",
            is_primary=True,
        )
        for one in people
    )
    now = timezone.now()
    Consent.objects.bulk_create(
        Consent(contact=one, state="granted", source="test", at=now) for one in people
    )
    return people
