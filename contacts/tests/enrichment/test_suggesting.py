"""Suggestions carry their source, wait for a person, and never replace what somebody typed."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from contacts.enums import ValueOrigin
from contacts.models import Contact, ContactPoint, ValueSource
from contacts.selectors.enrichment import sources_of
from contacts.services.enrichment import (
    accept,
    dismiss,
    start_look_up,
    suggest_companies,
    suggest_from_signature,
    suggest_from_site,
)
from contacts.services.parties import update_contact
from contacts.tests.factories import make_company, make_contact
from core.models import User
from core.services.base import NotAllowed
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 3, 9, tzinfo=UTC)
TEXT = "Thanks.\n\nBest regards\nAnn Lee\nHead of Procurement\nT: +44 20 7946 0018\n"


@pytest.fixture
def owner() -> User:
    return make_user("sales", make_team("North"))


@pytest.fixture
def contact(owner: User) -> Contact:
    return make_contact("Ann", "Lee", owner=owner, country="GB", email="ann@acme.example")


def fields(record: object, user: User) -> dict[str, str]:
    return {row.field: row.value for row in sources_of(record, user)}  # type: ignore[arg-type]


def test_signature_is_suggested_once_and_accepted(contact: Contact, owner: User) -> None:
    assert suggest_from_signature(actor=None, contact=contact, text=TEXT, at=AT) == 2
    assert suggest_from_signature(actor=None, contact=contact, text=TEXT, at=AT) == 0
    assert fields(contact, owner) == {"job_title": "Head of Procurement", "phone": "+442079460018"}
    assert Contact.objects.get(pk=contact.pk).job_title == ""
    row = ValueSource.objects.get(field="job_title")
    assert (row.source, row.confidence, row.found_at) == (ValueOrigin.SIGNATURE, 80, AT)
    accept(actor=owner, suggestion=row)
    accept(actor=owner, suggestion=ValueSource.objects.get(field="phone"))
    assert Contact.objects.get(pk=contact.pk).job_title == "Head of Procurement"
    assert ContactPoint.objects.filter(contact=contact, normalised="+442079460018").exists()
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("accepted", owner)
    with pytest.raises(ValidationError):
        dismiss(actor=owner, suggestion=row)


def test_what_the_role_may_not_write_is_not_taken_over(contact: Contact, owner: User) -> None:
    suggest_from_signature(actor=None, contact=contact, text=TEXT, at=AT)
    owner.roles.get().grants.filter(record_type="contact").update(read_only_fields=["job_title", "points"])
    reader = User.objects.get(pk=owner.pk)
    for row in ValueSource.objects.order_by("pk"):
        with pytest.raises(NotAllowed):
            accept(actor=reader, suggestion=row)
    contact.refresh_from_db()
    assert contact.job_title == ""
    assert not ContactPoint.objects.filter(contact=contact, kind="phone").exists()


def test_what_somebody_typed_is_not_replaced(contact: Contact, owner: User) -> None:
    suggest_from_signature(actor=None, contact=contact, text=TEXT, at=AT)
    update_contact(actor=owner, contact=contact, changes={"job_title": "Buyer"})
    with pytest.raises(ValidationError):
        accept(actor=owner, suggestion=ValueSource.objects.get(field="job_title"))
    assert Contact.objects.get(pk=contact.pk).job_title == "Buyer"
    ValueSource.objects.all().delete()
    contact.refresh_from_db()
    suggest_from_signature(actor=None, contact=contact, text=TEXT, at=AT)
    assert fields(contact, owner) == {"phone": "+442079460018"}


def test_a_dismissed_value_does_not_come_back(contact: Contact, owner: User) -> None:
    suggest_from_signature(actor=None, contact=contact, text=TEXT, at=AT)
    dismiss(actor=owner, suggestion=ValueSource.objects.get(field="phone"))
    assert suggest_from_signature(actor=None, contact=contact, text=TEXT, at=AT) == 0
    assert set(fields(contact, owner)) == {"job_title"}


def test_company_by_mail_domain_but_not_by_free_mailbox(contact: Contact, owner: User) -> None:
    company = make_company("Acme Ltd", domain="Acme.example", owner=owner)
    make_company("Gmail", domain="gmail.com", owner=owner)
    make_contact(owner=owner, email="someone@gmail.com")
    make_contact(owner=owner, email="other@acme.example", company=company)
    assert suggest_companies(actor=None) == 1
    assert suggest_companies(actor=None, contact=contact) == 0
    assert fields(contact, owner) == {"company": "acme.example"}
    accept(actor=owner, suggestion=ValueSource.objects.get())
    assert Contact.objects.get(pk=contact.pk).company == company


def test_a_company_out_of_sight_is_not_suggested(contact: Contact, owner: User, client: Client) -> None:
    make_company("Canary Ltd", domain="acme.example", owner=make_user("sales", make_team("South")))
    assert suggest_companies(actor=None) == 1
    assert fields(contact, owner) == {}
    client.force_login(owner)
    url = reverse("contacts:suggestion", args=[ValueSource.objects.get().pk])
    assert client.post(url, {"do": "accept"}).status_code == 404
    assert "acme.example —" not in client.get(f"/contacts/{contact.pk}/").content.decode()


def test_who_may_decide(contact: Contact, owner: User, client: Client) -> None:
    suggest_from_signature(actor=None, contact=contact, text=TEXT, at=AT)
    row = ValueSource.objects.get(field="job_title")
    url = reverse("contacts:suggestion", args=[row.pk])
    client.force_login(make_user("sales", make_team("South")))
    assert client.post(url, {"do": "accept"}).status_code == 404
    reader = make_user(make_role("reader", contact="view:all"), owner.team)
    client.force_login(reader)
    assert client.post(url, {"do": "accept"}).status_code == 403
    with pytest.raises(NotAllowed):
        accept(actor=reader, suggestion=row)
    assert Contact.objects.get(pk=contact.pk).job_title == ""
    client.force_login(owner)
    page = client.get(f"/contacts/{contact.pk}/").content.decode()
    assert "Head of Procurement" in page
    assert "a mail signature" in page
    assert client.post(url, {"do": "accept"}).status_code == 303
    assert Contact.objects.get(pk=contact.pk).job_title == "Head of Procurement"


def test_sites_are_off_by_default_and_suggest_when_on(owner: User, client: Client, settings: object) -> None:
    company = make_company("Acme", domain="acme.example", owner=owner, country="DE")
    with pytest.raises(ValidationError):
        start_look_up(actor=owner, company=company)
    client.force_login(owner)
    assert "Look at their site" not in client.get(f"/contacts/companies/{company.pk}/").content.decode()
    settings.ENRICH_FROM_SITES = True  # type: ignore[attr-defined]
    assert "Look at their site" in client.get(f"/contacts/companies/{company.pk}/").content.decode()
    links = '<a href="tel:+49401234567"><a href="mailto:x@other.example">'
    html = f'<meta name="description" content="Tools for labs">{links}'
    assert suggest_from_site(actor=None, company=company, html=html) == 2
    assert fields(company, owner) == {"description": "Tools for labs", "phone": "+49401234567"}
    accept(actor=owner, suggestion=ValueSource.objects.get(field="description"))
    company.refresh_from_db()
    assert company.description == "Tools for labs"
