"""The history of a record costs the same number of queries however long it is."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Contact
from contacts.tests.factories import make_company, make_contact
from core.models import Change
from core.services.custom_fields import create_custom_field
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


def change_each(contact: Contact, times: int, person: Any) -> None:
    """Another owner, another company and another linked colleague each time."""
    for number in range(times):
        other = make_contact("Colleague", f"Number {contact.pk}-{number}")
        values: dict[str, Any] = {
            "owner": make_user(),
            "company": make_company(f"Firm {contact.pk}-{number}"),
            "custom": {"mentor": other.pk},
        }
        Contact.objects.filter(pk=contact.pk).update(**values)


def looked_at(client: Client, contact: Contact) -> tuple[int, Any]:
    client.get(reverse("contacts:contact_list"))  # what is kept between requests is there
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("core:history", args=["contact", contact.pk]))
    assert page.status_code == 200
    return len(queries), page


def test_history_asks_for_linked_records_once(client: Client) -> None:
    admin = make_user("admin", is_superuser=True)
    create_custom_field(
        actor=admin, record_type="contact", label="Mentor", kind="link", key="mentor", ref_type="contact"
    )
    short, long = make_contact("Short", "Story"), make_contact("Long", "Story")
    for contact, times in ((short, 2), (long, 30)):
        change_each(contact, times, admin)
    client.force_login(admin)
    few, page = looked_at(client, short)
    many, other = looked_at(client, long)
    assert Change.objects.filter(model__label="contacts.Contact", object_id=long.pk, op="U").count() == 30
    assert few == many <= 25
    for shown, contact, times in ((page, short, 2), (other, long, 30)):
        words = [line for entry in shown.context["entries"] for line in entry.fields]
        companies = [after for label, _before, after in words if label == "Company"]
        mentors = [after for label, _before, after in words if label == "Mentor"]
        assert companies == [f"Firm {contact.pk}-{number}" for number in reversed(range(times))]
        assert mentors == [f"Colleague Number {contact.pk}-{number}" for number in reversed(range(times))]


def test_audit_page_asks_the_same_for_one_change_and_for_thirty(client: Client) -> None:
    admin = make_user("admin", is_superuser=True)
    client.force_login(admin)
    contact = make_contact("Ada", "Byron")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("core:audit")).status_code == 200
        return len(queries)

    change_each(contact, 1, admin)
    asked()
    few = asked()
    change_each(contact, 30, admin)
    assert asked() == few
