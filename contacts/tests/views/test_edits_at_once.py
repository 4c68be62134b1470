"""Two people edit the same row: the later one is shown both versions and loses nothing, on pages and in the API."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import RelationshipKind
from contacts.services.addresses import add_address
from contacts.services.relationships import ensure_standard_kinds, relate
from contacts.tests.factories import make_affiliation, make_company, make_contact, make_point
from contacts.tests.views.test_contact_pages import FRAGMENT
from core.models import Tag, User
from core.services.comments import add_comment
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Case:
    """A row, its form's address, its address in the API, and the field that both people change."""

    row: Any
    page: str
    api: str
    field: str
    data: dict[str, Any]


def _address(user: User) -> Case:
    contact = make_contact()
    row = add_address(actor=None, contact=contact, street="1 Mill Lane", city="Leeds")
    page = reverse("contacts:contact_address_update", args=[contact.pk, row.pk])
    data = {"street": "1 Mill Lane", "is_primary": "on"}
    return Case(row, page, f"contacts/{contact.pk}/addresses/{row.pk}/", "city", data)


def _point(user: User) -> Case:
    contact = make_contact()
    row = make_point(contact, value="ada@example.com")
    page = reverse("contacts:contact_point_update", args=[contact.pk, row.pk])
    data = {"value": "ada@example.com", "is_primary": "on"}
    return Case(row, page, f"contacts/{contact.pk}/points/{row.pk}/", "label", data)


def _affiliation(user: User) -> Case:
    contact = make_contact()
    row = make_affiliation(contact, make_company())
    page = reverse("contacts:affiliation_update", args=[contact.pk, row.pk])
    return Case(row, page, f"contacts/{contact.pk}/affiliations/{row.pk}/", "title", {"is_primary": "on"})


def _relationship(user: User) -> Case:
    ensure_standard_kinds(actor=None)
    contact, other = make_contact(), make_contact()
    kind = RelationshipKind.objects.get(key="referred_by")
    row = relate(actor=None, contact=contact, other=other, kind=kind)
    page = reverse("contacts:relationship_update", args=[contact.pk, row.pk])
    return Case(row, page, f"contacts/{contact.pk}/relationships/{row.pk}/", "note", {})


def _comment(user: User) -> Case:
    row = add_comment(actor=user, record=make_contact(), body="Call them")
    return Case(row, reverse("core:comment", args=[row.pk]), f"comments/{row.pk}/", "body", {})


def _tag(user: User) -> Case:
    row = Tag.objects.create(name="VIP", colour=1)
    return Case(row, reverse("core:tag_update", args=[row.pk]), f"tags/{row.pk}/", "name", {"colour": "1"})


CASES = pytest.mark.parametrize("make", [_address, _point, _affiliation, _relationship, _comment, _tag])


@pytest.fixture
def person(client: Client) -> User:
    user = make_user("admin")
    client.force_login(user)
    return user


def version_in(html: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', html)
    assert found is not None
    return found[1]


@CASES
def test_later_save_is_refused_with_both_versions_and_saved_when_sent_again(
    make: Callable[[User], Case], client: Client, person: User
) -> None:
    case = make(person)
    read = version_in(client.get(case.page, headers=FRAGMENT).content.decode())
    theirs = {**case.data, case.field: "Theirs", "version": read}
    assert client.post(case.page, theirs, headers=FRAGMENT).status_code in (204, 303)
    late = {**case.data, case.field: "Mine", "version": read}
    refused = client.post(case.page, late, headers=FRAGMENT)
    html = refused.content.decode()
    assert refused.status_code == 409
    assert 'class="theirs">Theirs<' in html and 'class="yours">Mine<' in html
    case.row.refresh_from_db()
    assert getattr(case.row, case.field) == "Theirs"
    again = {**late, "version": version_in(html)}
    assert client.post(case.page, again, headers=FRAGMENT).status_code in (204, 303)
    case.row.refresh_from_db()
    assert getattr(case.row, case.field) == "Mine"


@CASES
def test_api_refuses_what_was_read_before_somebody_else_saved(
    make: Callable[[User], Case], client: Client, person: User
) -> None:
    case = make(person)

    def patch(text: str, etag: str) -> Any:
        body = json.dumps({case.field: text})
        return client.patch(
            f"/api/v1/{case.api}", body, "application/json", headers={"If-Match": etag} if etag else {}
        )

    first = patch("First", "")
    assert first.status_code == 200, first.content
    assert first["ETag"] == f'"{first.json()["version"]}"'
    assert patch("Second", first["ETag"]).status_code == 200
    refused = patch("Third", first["ETag"])
    assert (refused.status_code, refused["Content-Type"]) == (412, "application/problem+json")
    case.row.refresh_from_db()
    assert getattr(case.row, case.field) == "Second"
    old = client.delete(f"/api/v1/{case.api}", headers={"If-Match": first["ETag"]})
    assert old.status_code == 412
    assert case.row.__class__._base_manager.filter(pk=case.row.pk).exists()


def test_way_to_reach_them_that_stepped_back_is_not_what_was_read(client: Client, person: User) -> None:
    """Making another address the first one changes this one too."""
    contact = make_contact()
    first, second = make_point(contact, value="one@example.com"), make_point(contact, value="two@example.com")
    page = reverse("contacts:contact_point_update", args=[contact.pk, first.pk])
    read = version_in(client.get(page, headers=FRAGMENT).content.decode())
    other = reverse("contacts:contact_point_update", args=[contact.pk, second.pk])
    assert (
        client.post(other, {"value": "two@example.com", "is_primary": "on"}, headers=FRAGMENT).status_code
        == 204
    )
    data = {"value": "one@example.com", "is_primary": "on", "version": read}
    assert client.post(page, data, headers=FRAGMENT).status_code == 409
    second.refresh_from_db()
    assert second.is_primary
