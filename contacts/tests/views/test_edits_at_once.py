"""Two people edit the same row: the later one is shown both versions and loses nothing, on pages and in the API."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from contacts.models import Address, Contact, RelationshipKind
from contacts.services.addresses import add_address, change_address
from contacts.services.relationships import ensure_standard_kinds, relate
from contacts.tests.factories import make_affiliation, make_company, make_contact, make_point
from contacts.tests.views.test_contact_pages import FRAGMENT
from core.models import Tag, User
from core.services.base import state_of
from core.services.comments import add_comment
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Case:
    """A row, its form's address, its address in the API, the field that both people change, the button that takes
    it away, and the page that the button stands on."""

    row: Any
    page: str
    api: str
    field: str
    data: dict[str, Any]
    remove: str
    shown_on: str


def cards_of(contact: Contact) -> str:
    """The contact's page with all of its cards, the addresses open."""
    return reverse("contacts:contact_detail", args=[contact.pk]) + "?panel=addresses"


def _address(user: User) -> Case:
    contact = make_contact()
    row = add_address(actor=None, contact=contact, street="1 Mill Lane", city="Leeds")
    page = reverse("contacts:contact_address_update", args=[contact.pk, row.pk])
    data = {"street": "1 Mill Lane", "is_primary": "on"}
    remove = reverse("contacts:contact_address_remove", args=[contact.pk, row.pk])
    api = f"contacts/{contact.pk}/addresses/{row.pk}/"
    return Case(row, page, api, "city", data, remove, cards_of(contact))


def _point(user: User) -> Case:
    contact = make_contact()
    row = make_point(contact, value="ada@example.com")
    page = reverse("contacts:contact_point_update", args=[contact.pk, row.pk])
    data = {"value": "ada@example.com", "is_primary": "on"}
    remove = reverse("contacts:contact_point_remove", args=[contact.pk, row.pk])
    return Case(
        row, page, f"contacts/{contact.pk}/points/{row.pk}/", "label", data, remove, cards_of(contact)
    )


def _affiliation(user: User) -> Case:
    contact = make_contact()
    row = make_affiliation(contact, make_company())
    page = reverse("contacts:affiliation_update", args=[contact.pk, row.pk])
    remove = reverse("contacts:affiliation_remove", args=[contact.pk, row.pk])
    api = f"contacts/{contact.pk}/affiliations/{row.pk}/"
    return Case(row, page, api, "title", {"is_primary": "on"}, remove, cards_of(contact))


def _relationship(user: User) -> Case:
    ensure_standard_kinds(actor=None)
    contact, other = make_contact(), make_contact()
    kind = RelationshipKind.objects.get(key="referred_by")
    row = relate(actor=None, contact=contact, other=other, kind=kind)
    page = reverse("contacts:relationship_update", args=[contact.pk, row.pk])
    remove = reverse("contacts:relationship_remove", args=[contact.pk, row.pk])
    shown_on = reverse("contacts:relationship_list", args=[contact.pk])
    return Case(row, page, f"contacts/{contact.pk}/relationships/{row.pk}/", "note", {}, remove, shown_on)


def _comment(user: User) -> Case:
    contact = make_contact()
    row = add_comment(actor=user, record=contact, body="Call them")
    page, remove = (reverse(f"core:{name}", args=[row.pk]) for name in ("comment", "comment_remove"))
    shown_on = reverse("core:comments", args=["contact", contact.pk])
    return Case(row, page, f"comments/{row.pk}/", "body", {}, remove, shown_on)


def _tag(user: User) -> Case:
    row = Tag.objects.create(name="VIP", colour=1)
    page, remove = (reverse(f"core:{name}", args=[row.pk]) for name in ("tag_update", "tag_remove"))
    return Case(row, page, f"tags/{row.pk}/", "name", {"colour": "1"}, remove, reverse("core:tag_list"))


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


def button(html: str, url: str) -> dict[str, str]:
    """What the form of a button sends about the row that the page shows."""
    found = re.search(rf'action="{re.escape(url)}">.*?</form>', html, re.DOTALL)
    assert found is not None
    sent = dict(re.findall(r'name="(version|seen)" value="([^"]*)"', found[0]))
    return {name: unescape(value) for name, value in sent.items()}


def is_there(row: Any) -> bool:
    return bool(row.__class__.objects.filter(pk=row.pk).exists())


@CASES
def test_row_that_somebody_changed_is_taken_away_only_after_both_versions_were_shown(
    make: Callable[[User], Case], client: Client, person: User
) -> None:
    case = make(person)
    shown = button(client.get(case.shown_on).content.decode(), case.remove)
    read = version_in(client.get(case.page, headers=FRAGMENT).content.decode())
    theirs = {**case.data, case.field: "Theirs", "version": read}
    assert client.post(case.page, theirs, headers=FRAGMENT).status_code in (204, 303)
    refused = client.post(case.remove, {**shown, "next": "/"})
    html = refused.content.decode()
    assert refused.status_code == 409
    assert re.search(r'class="theirs">[^<]*Theirs', html)
    assert f'class="yours">{escape(shown["seen"])}<' in html and "Theirs" not in shown["seen"]
    assert '<input type="hidden" name="next" value="/">' in html
    assert is_there(case.row)
    assert client.post(case.remove, {"version": version_in(html)}).status_code == 303
    assert not is_there(case.row)


@CASES
def test_row_that_nobody_changed_is_taken_away_at_once(
    make: Callable[[User], Case], client: Client, person: User
) -> None:
    case = make(person)
    shown = button(client.get(case.shown_on).content.decode(), case.remove)
    assert client.post(case.remove, shown).status_code == 303
    assert not is_there(case.row)


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
    assert is_there(case.row)
    now = f'"{state_of(case.row)}"'
    assert client.delete(f"/api/v1/{case.api}", headers={"If-Match": now}).status_code == 204
    assert not is_there(case.row)


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


def test_company_that_is_no_longer_the_main_one_is_not_what_was_read(client: Client, person: User) -> None:
    contact = make_contact()
    first = make_affiliation(contact, make_company())
    page = reverse("contacts:affiliation_update", args=[contact.pk, first.pk])
    read = version_in(client.get(page, headers=FRAGMENT).content.decode())
    second = make_affiliation(contact, make_company())
    assert second.is_primary
    data = {"title": "CEO", "is_primary": "on", "version": read}
    assert client.post(page, data, headers=FRAGMENT).status_code == 409
    first.refresh_from_db()
    assert (first.title, first.is_primary) == ("", False)


def test_change_of_one_field_puts_none_of_the_others_back_and_brings_nothing_back() -> None:
    row = add_address(actor=None, contact=make_contact(), street="1 Mill Lane", city="Leeds")
    early = Address.objects.get(pk=row.pk)
    change_address(actor=None, address=Address.objects.get(pk=row.pk), changes={"city": "York"})
    change_address(actor=None, address=early, changes={"label": "home"})
    row.refresh_from_db()
    assert (row.city, row.label) == ("York", "home")
    Address.objects.all().delete()
    with pytest.raises(ValidationError, match="removed this meanwhile"):
        change_address(actor=None, address=early, changes={"label": "work"})
    assert not Address.objects.exists()


@pytest.mark.parametrize(
    ("make", "field"), [(_address, "addresses"), (_point, "points"), (_affiliation, "company")]
)
@pytest.mark.parametrize("shut", ["hidden_fields", "read_only_fields"])
def test_row_is_neither_shown_nor_written_where_the_role_shuts_its_field(
    make: Callable[[User], Case], field: str, shut: str, client: Client
) -> None:
    user = make_user("marketing")
    user.roles.get().grants.filter(record_type="contact").update(**{shut: [field]})
    client.force_login(user)
    case = make(user)
    before = state_of(case.row)
    assert case.remove not in client.get(case.shown_on).content.decode()
    for url in (case.page, case.remove):
        assert client.post(url, {**case.data, case.field: "Mine"}).status_code == 403
    assert client.get(case.page).status_code == 403
    api = f"/api/v1/{case.api}"
    assert client.patch(api, json.dumps({case.field: "Mine"}), "application/json").status_code == 403
    assert client.delete(api).status_code == 403
    if shut == "hidden_fields":
        assert client.get(api.rsplit("/", 2)[0] + "/").status_code == 403
    assert is_there(case.row)
    case.row.refresh_from_db()
    assert state_of(case.row) == before


def test_words_about_one_row_are_no_draft_about_another(client: Client, person: User) -> None:
    contact = make_contact()
    points = [make_point(contact, value=f"{name}@example.com") for name in ("a", "b")]
    places = [
        add_address(actor=None, contact=contact, street=street, city="Wien") for street in ("Ring", "Graben")
    ]
    firms = [make_affiliation(contact, make_company(), is_primary=first) for first in (True, False)]
    for name, rows in (("contact_point", points), ("contact_address", places), ("affiliation", firms)):
        pages = [reverse(f"contacts:{name}_update", args=[contact.pk, row.pk]) for row in rows]
        first, second, again = (
            re.findall(r'data-draft="([^"]+)"', client.get(page, headers=FRAGMENT).content.decode())
            for page in (*pages, pages[0])
        )
        assert (first == again, len({*first, *second})) == (True, 2), name
