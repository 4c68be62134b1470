"""Dialogs and buttons of affiliations, addresses and relationships."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Address, Affiliation, ContactPoint, Relationship, RelationshipKind
from contacts.services.relationships import ensure_standard_kinds, relate
from contacts.tests.factories import make_affiliation, make_company, make_contact, make_point
from contacts.tests.views.test_contact_pages import FRAGMENT, queries, signed_in
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


def url(name: str, *args: Any) -> str:
    return reverse(f"contacts:{name}", args=args)


def test_company_is_added_edited_ended_and_removed_from_the_contact_page() -> None:
    contact, company, client = make_contact(), make_company("Engines"), signed_in()
    wrong = {"company": company.pk, "title": "CTO", "valid_from": "2024-05-01", "valid_to": "2023-05-01"}
    refused = client.post(url("affiliation_add", contact.pk), wrong, headers=FRAGMENT)
    assert refused.status_code == 422
    assert 'value="CTO"' in refused.content.decode()
    right = {**wrong, "valid_to": "", "role": "blocker"}
    assert client.post(url("affiliation_add", contact.pk), right, headers=FRAGMENT).status_code == 204
    row = Affiliation.objects.get()
    assert (row.title, row.role, row.is_primary) == ("CTO", "blocker", True)
    page = client.get(url("contact_detail", contact.pk)).content.decode()
    assert "Opponent" in page and "Engines" in page
    data = {"title": "CEO", "role": "", "valid_from": "2024-05-01", "is_primary": "on", "version": "1"}
    assert (
        client.post(url("affiliation_update", contact.pk, row.pk), data, headers=FRAGMENT).status_code == 204
    )
    row.refresh_from_db()
    assert (row.title, row.version) == ("CEO", 2)
    other = make_contact()
    assert client.post(url("affiliation_end", other.pk, row.pk)).status_code == 404
    assert client.post(url("affiliation_end", contact.pk, row.pk)).status_code == 303
    row.refresh_from_db()
    assert row.valid_to is not None
    assert client.post(url("affiliation_primary", contact.pk, row.pk)).status_code == 303
    page = client.get(url("contact_detail", contact.pk)).content.decode()
    assert "A former company can&#x27;t be the primary one." in page
    assert client.post(url("affiliation_remove", contact.pk, row.pk)).status_code == 303
    assert not Affiliation.objects.exists()


def test_person_is_added_from_the_company_and_stands_in_the_chart() -> None:
    ensure_standard_kinds(actor=None)
    company, boss, low, client = (
        make_company(),
        make_contact("Bea", "Boss"),
        make_contact("Lou", "Low"),
        signed_in(),
    )
    for person in (boss, low):
        data = {"contact": person.pk, "title": "Head"}
        assert client.post(url("company_person_add", company.pk), data).status_code == 303
    relate(actor=None, contact=low, other=boss, kind=RelationshipKind.objects.get(key="reports_to"))
    page = client.get(url("company_people", company.pk)).content.decode()
    assert page.index("Bea Boss") < page.index("Lou Low")
    assert "Org chart" in page


def test_adding_a_person_out_of_change_scope_is_refused_and_writes_nothing() -> None:
    role = make_role("mixed", company="view:all,change:all", contact="view:all,change:own")
    client, company, contact = Client(), make_company(), make_contact()
    client.force_login(make_user(role, make_team("South")))
    answer = client.post(url("company_person_add", company.pk), {"contact": contact.pk})
    assert answer.status_code == 403
    assert not Affiliation.objects.exists()


@pytest.mark.parametrize("party", ["contact", "company"])
def test_address_is_added_changed_and_removed(party: str) -> None:
    record = make_contact() if party == "contact" else make_company()
    client = signed_in()
    assert client.post(url(f"{party}_address_add", record.pk), {}, headers=FRAGMENT).status_code == 422
    data = {"street": "1 Mill Lane", "postcode": "LS1 4AP", "city": "Leeds", "country": "gb"}
    assert client.post(url(f"{party}_address_add", record.pk), data, headers=FRAGMENT).status_code == 204
    first = Address.objects.get()
    assert (first.city, first.country, first.is_primary) == ("Leeds", "GB", True)
    second = {"city": "York", "country": "GB", "is_primary": "on"}
    assert client.post(url(f"{party}_address_add", record.pk), second).status_code == 303
    assert [a.city for a in Address.objects.filter(is_primary=True)] == ["York"]
    changed = {**data, "city": "Bradford"}
    assert client.post(url(f"{party}_address_update", record.pk, first.pk), changed).status_code == 303
    york = Address.objects.get(city="York")
    assert client.post(url(f"{party}_address_remove", record.pk, york.pk)).status_code == 303
    assert [(a.city, a.is_primary) for a in Address.objects.all()] == [("Bradford", True)]


def test_point_is_edited_and_made_first() -> None:
    contact, client = make_contact(country="DE"), signed_in()
    make_point(contact, value="a@example.org")
    second = make_point(contact, value="b@example.org")
    data = {"value": "c@example.org", "label": "work", "is_primary": "on"}
    assert client.post(url("contact_point_update", contact.pk, second.pk), data).status_code == 303
    points = ContactPoint.objects.order_by("pk").values_list("normalised", "label", "is_primary")
    assert list(points) == [("a@example.org", "", False), ("c@example.org", "work", True)]


def test_relationship_is_added_from_either_end_edited_and_removed() -> None:
    ensure_standard_kinds(actor=None)
    boss, low, client = make_contact("Bea"), make_contact("Lou"), signed_in()
    kind = RelationshipKind.objects.get(key="reports_to")
    data = {"kind": f"{kind.pk}:in", "person": low.pk, "note": "dotted line", "since": "2025-01-31"}
    assert client.post(url("relationship_add", boss.pk), data, headers=FRAGMENT).status_code == 204
    row = Relationship.objects.get()
    assert (row.contact, row.other, row.note) == (low, boss, "dotted line")
    circle = client.post(url("relationship_add", boss.pk), {"kind": f"{kind.pk}:out", "person": low.pk})
    assert circle.status_code == 422
    assert "circle" in circle.content.decode()
    assert "is manager of" in client.get(url("relationship_list", boss.pk)).content.decode()
    assert client.post(url("relationship_update", low.pk, row.pk), {"note": "solid"}).status_code == 303
    row.refresh_from_db()
    assert (row.note, row.since) == ("solid", None)
    assert client.post(url("relationship_remove", boss.pk, row.pk)).status_code == 303
    assert not Relationship.objects.exists()


def test_pages_cost_the_same_with_one_and_three_rows() -> None:
    ensure_standard_kinds(actor=None)
    client, kind, counts = signed_in(), RelationshipKind.objects.get(key="referred_by"), []
    for number in (1, 3):
        contact, company = make_contact(), make_company()
        for _n in range(number):
            make_affiliation(contact, make_company(), is_primary=False)
            make_affiliation(make_contact(), company)
            relate(actor=None, contact=contact, other=make_contact(), kind=kind)
        names = ("contact_detail", "relationship_list")
        cost = [queries(client, url(name, contact.pk)) for name in names]
        counts.append([*cost, queries(client, url("company_people", company.pk))])
    assert counts[0] == counts[1]
