"""Builders of test data for contacts; each call makes one valid row through the services."""

from typing import Any

from contacts.models import Activity, Affiliation, Company, Contact, ContactPoint, TimelineEntry
from contacts.services.activities import log_activity
from contacts.services.parties import affiliate, create_company, create_contact
from contacts.services.points import add_point

_numbers = iter(range(1, 10**9))


def make_contact(first_name: str = "Ada", last_name: str = "", **values: Any) -> Contact:
    """A person; `owner`, `team`, `company`, `email`, `phone` and any field may be given."""
    number = next(_numbers)
    values.setdefault("owner", None)
    return create_contact(
        actor=None, first_name=first_name, last_name=last_name or f"Person{number}", **values
    )


def make_company(name: str = "", **values: Any) -> Company:
    values.setdefault("owner", None)
    return create_company(actor=None, name=name or f"Company {next(_numbers)}", **values)


def make_affiliation(contact: Contact, company: Company, **values: Any) -> Affiliation:
    return affiliate(actor=None, contact=contact, company=company, **values)


def make_point(contact: Contact, kind: str = "email", value: str = "") -> ContactPoint:
    value = value or f"person{next(_numbers)}@example.com"
    return add_point(actor=None, contact=contact, kind=kind, value=value)


def make_activity(kind: str = "note", **values: Any) -> Activity:
    values.setdefault("owner", None)
    values.setdefault("subject", "Subject")
    values.setdefault("body", "Body")
    return log_activity(actor=None, kind=kind, **values)


def make_entry(
    contact: Contact | None = None, company: Company | None = None, **values: Any
) -> TimelineEntry:
    from django.utils import timezone

    number = next(_numbers)
    values.setdefault("kind", "note")
    values.setdefault("occurred_at", timezone.now())
    return TimelineEntry.objects.create(
        contact=contact, company=company, dedupe_key=f"test:{number}", **values
    )
