"""What hangs on people and companies, through the API."""

import json
from typing import Any

import pytest
from django.test import Client

from contacts.models import Address, Affiliation
from contacts.services.relationships import ensure_standard_kinds
from contacts.tests.factories import make_affiliation, make_company, make_contact
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(client: Client) -> Client:
    client.force_login(make_user("marketing"))
    return client


def send(client: Client, method: str, url: str, **data: Any) -> Any:
    return client.generic(method, f"/api/v1/{url}", json.dumps(data), content_type="application/json")


def test_affiliations_are_listed_added_changed_and_removed(api: Client) -> None:
    contact, company = make_contact(), make_company("Engines")
    base = f"contacts/{contact.pk}/affiliations/"
    made = send(api, "POST", base, company=company.pk, title="CTO", role="champion", valid_from="2024-01-01")
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["company"], row["is_primary"]) == ({"id": company.pk, "name": "Engines"}, True)
    assert api.get(f"/api/v1/{base}").json()["results"] == [row]
    people = api.get(f"/api/v1/companies/{company.pk}/affiliations/").json()["results"]
    assert [one["contact"]["id"] for one in people] == [contact.pk]
    changed = send(api, "PATCH", f"{base}{row['id']}/", valid_to="2025-01-01")
    assert (changed.status_code, changed.json()["is_primary"]) == (200, False)
    assert api.get(f"/api/v1/{base}").json()["results"] == [changed.json()]
    wrong = send(api, "PATCH", f"{base}{row['id']}/", valid_to="2020-01-01")
    assert (wrong.status_code, wrong["Content-Type"]) == (400, "application/problem+json")
    assert send(api, "PATCH", f"{base}{row['id']}/", company=company.pk).status_code == 400
    assert send(api, "DELETE", f"{base}{row['id']}/").status_code == 204
    assert not Affiliation.objects.exists()


def test_addresses_are_listed_added_changed_and_removed(api: Client) -> None:
    company = make_company()
    base = f"companies/{company.pk}/addresses/"
    row = send(api, "POST", base, street="1 Mill Lane", city="Leeds", country="GB").json()
    assert send(api, "PATCH", f"{base}{row['id']}/", city="York").json()["city"] == "York"
    assert send(api, "POST", base).status_code == 400
    assert send(api, "DELETE", f"companies/{make_company().pk}/addresses/{row['id']}/").status_code == 404
    assert send(api, "DELETE", f"{base}{row['id']}/").status_code == 204
    assert not Address.objects.exists()


def test_relationships_are_read_from_both_ends(api: Client) -> None:
    ensure_standard_kinds(actor=None)
    ada, bob = make_contact("Ada", "A"), make_contact("Bob", "B")
    made = send(api, "POST", f"contacts/{ada.pk}/relationships/", kind="reports_to", other=bob.pk)
    assert made.status_code == 201, made.content
    assert api.get(f"/api/v1/contacts/{bob.pk}/relationships/").json()["results"] == [made.json()]
    circle = send(api, "POST", f"contacts/{bob.pk}/relationships/", kind="reports_to", other=ada.pk)
    assert circle.status_code == 400
    row = f"contacts/{bob.pk}/relationships/{made.json()['id']}/"
    assert send(api, "PATCH", row, note="x").json()["note"] == "x"
    assert send(api, "DELETE", row).status_code == 204


def test_company_out_of_scope_is_as_unknown_as_a_wrong_one(client: Client) -> None:
    own = "view:own,add:own,change:own,delete:own,export:own"
    seller = make_user(make_role("own", contact=own, company=own), make_team("South"))
    client.force_login(seller)
    contact, hidden = make_contact(owner=seller), make_company("Canary AG")
    refused = send(client, "POST", f"contacts/{contact.pk}/affiliations/", company=hidden.pk)
    assert (refused.status_code, "Canary" in refused.content.decode()) == (400, False)
    make_affiliation(contact, hidden)
    assert client.get(f"/api/v1/contacts/{contact.pk}/affiliations/").json()["results"] == []
