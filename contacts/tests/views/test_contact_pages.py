"""Pages of people: the record page's cost, dialogs, privacy, the composer."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Activity, Consent, Contact, ContactPoint
from contacts.services.activities import log_activity
from contacts.tests.factories import make_company, make_contact
from core.models import Job
from core.tests.factories import make_role, make_user

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true", "X-Dialog": "dialog-1"}


def signed_in(role: Any = "marketing") -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("part", ["", "?panel=*"], ids=["as it opens", "with all cards"])
@pytest.mark.parametrize("role", ["admin", "marketing", "readonly"])
def test_contact_page_costs_the_same_with_one_and_three_of_everything(role: str, part: str) -> None:
    client, counts = signed_in(role), []
    for number in (1, 3):
        contact = make_contact(
            email=f"n{number}@example.org", phone="030 1234567", company=make_company(), tags=["a"]
        )
        for _n in range(number):
            log_activity(actor=None, kind="note", contact=contact, body="x")
            log_activity(actor=None, kind="task", contact=contact, subject="x")
        counts.append(queries(client, reverse("contacts:contact_detail", args=[contact.pk]) + part))
    assert counts[0] == counts[1]
    assert counts[0] <= 25


@pytest.mark.parametrize("name", ["contact_list", "company_list", "segment_list", "activity_list"])
def test_list_costs_the_same_with_one_and_three_rows(name: str) -> None:
    client = signed_in()
    url = reverse(f"contacts:{name}")
    url += "?columns=name,company,email,phone,tags,owner" if name in ("contact_list", "company_list") else ""

    def add() -> None:
        company = make_company(email="c@example.org", tags=["b"])
        contact = make_contact(email="a@example.org", phone="030 1234567", company=company, tags=["a"])
        log_activity(actor=None, kind="note", contact=contact, body="x")

    add()
    first = queries(client, url)
    add()
    add()
    assert queries(client, url) == first
    assert first <= 25


def test_way_to_reach_is_added_in_a_dialog_and_removed() -> None:
    contact, client = make_contact(country="DE"), signed_in()
    url = reverse("contacts:contact_point_create", args=[contact.pk])
    wrong = client.post(url, {"kind": "phone", "value": "call me"}, headers=FRAGMENT)
    assert wrong.status_code == 422
    assert "“call me” is not a phone number." in wrong.content.decode()
    assert client.post(url, {"kind": "mobile", "value": "0171 2345678"}, headers=FRAGMENT).status_code == 204
    point = ContactPoint.objects.get()
    assert (point.value, point.normalised, point.is_primary) == ("0171 2345678", "+491712345678", True)
    other = make_contact()
    assert client.post(reverse("contacts:contact_point_remove", args=[other.pk, point.pk])).status_code == 404
    assert (
        client.post(reverse("contacts:contact_point_remove", args=[contact.pk, point.pk])).status_code == 303
    )
    assert not ContactPoint.objects.exists()


def test_a_damaged_number_keeps_nobody_from_changing_something_else() -> None:
    client = signed_in()
    contact = make_contact(first_name="Mathis", last_name="Marchand")
    ContactPoint.objects.create(
        contact=contact, kind="phone", value="+33 112", normalised="+33112", is_primary=True
    )
    url = reverse("contacts:contact_update", args=[contact.pk])
    typed = {"first_name": "Mathis", "last_name": "Marchand", "job_title": "Clerk", "phone": "+33 112"}
    kept = {"lifecycle_stage": contact.lifecycle_stage, "version": contact.version}
    assert client.post(url, {**typed, **kept}).status_code == 303
    contact.refresh_from_db()
    assert contact.job_title == "Clerk"
    again = client.post(url, {**typed, "phone": "+33 113", **kept, "version": contact.version})
    assert again.status_code == 422
    assert "too short or too long" in again.content.decode()


def test_consent_is_recorded_with_source_and_words() -> None:
    contact, client = make_contact(), signed_in()
    url = reverse("contacts:consent_create", args=[contact.pk])
    data = {"state": "granted", "basis": "consent", "wording": "Yes, write to me."}
    assert client.post(url, data).status_code == 422
    assert client.post(url, {**data, "source": "Trade fair"}).status_code == 303
    line = Consent.objects.get()
    assert (line.state, line.source, line.wording) == ("granted", "Trade fair", "Yes, write to me.")
    assert line.actor is not None
    assert "Opted in" in client.get(reverse("contacts:contact_detail", args=[contact.pk])).content.decode()


def test_personal_data_is_for_administrators() -> None:
    contact = make_contact("Ada", "Byron", email="ada@example.org")
    url = reverse("contacts:contact_privacy", args=[contact.pk])
    for role in ("manager", "marketing", "analyst"):
        assert signed_in(role).get(url).status_code == 403
        assert signed_in(role).post(url, {"name": "Ada Byron"}).status_code == 403
    admin = signed_in("admin")
    assert url in admin.get(reverse("contacts:contact_detail", args=[contact.pk])).content.decode()
    exported = admin.post(url, {"do": "export"})
    assert exported["Content-Disposition"] == f'attachment; filename="person-{contact.pk}.zip"'
    with ZipFile(BytesIO(b"".join(exported) if exported.streaming else exported.content)) as packed:
        name = next(name for name in packed.namelist() if name.endswith(".json"))
        data = json.loads(packed.read(name))["data"]
    assert data["contacts.ContactPoint"][0]["value"] == "ada@example.org"
    assert admin.post(url, {"name": "Ada"}).status_code == 422
    assert Contact.objects.filter(pk=contact.pk).exists()
    assert admin.post(url, {"name": "Ada Byron"}).status_code == 303
    assert not Contact.objects.filter(pk=contact.pk).exists()


def test_composer_sends_a_mail_and_keeps_what_was_typed_when_it_cannot() -> None:
    contact, client = make_contact(), signed_in()
    url = reverse("contacts:compose", args=["contact", contact.pk])
    data = {"kind": "email", "subject": "Quote", "body": "Hello"}
    refused = client.post(url, data, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "has no e-mail address" in refused.content.decode()
    assert "Hello" in refused.content.decode()
    ContactPoint.objects.create(
        contact=contact, kind="email", value="a@b.org", normalised="a@b.org", is_primary=True
    )
    assert client.post(url, data, headers={"HX-Request": "true"}).status_code == 200
    assert Activity.objects.get().direction == "out"
    assert Job.objects.get(kind="contacts.send_mail").params == {"activity": Activity.objects.get().pk}


def test_entries_of_records_out_of_scope_are_not_on_the_timeline() -> None:
    from sales.tests.factories import make_deal

    contact = make_contact()
    make_deal(name="Secret deal", contacts=[(contact, "")])
    reader = make_role(contact="view:all", activity="view:all", deal="view:own")
    url = reverse("contacts:contact_detail", args=[contact.pk])
    assert "Secret deal" not in signed_in(reader).get(url).content.decode()
    assert "Secret deal" in signed_in("admin").get(url).content.decode()
