"""Fields that depend on others, on every way in; and fields that a role hides, on every way out."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from contacts.models import Contact
from contacts.selectors.search import search_contacts
from contacts.services.parties import update_contact
from contacts.tests.factories import make_contact
from core.models import CustomField, Role, RoleGrant, User
from core.services.custom_fields import create_custom_field
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates

pytestmark = pytest.mark.django_db
SECRET = "Zinnober"


def add(label: str, kind: str = "text", **values: Any) -> CustomField:
    return create_custom_field(actor=None, record_type="contact", label=label, kind=kind, **values)


@pytest.fixture
def dependent() -> None:
    """Plan: gold or silver; a code only for gold, required in Leeds; winter only with gold."""
    gold = {"field": "cf_plan", "op": "in", "value": ["gold"]}
    add("Plan", "choice", options=["Gold", "Silver"])
    add(
        "Code",
        visible_when=gold,
        required_when={"all": [gold, {"field": "city", "op": "is", "value": "leeds"}]},
    )
    add("Tyres", "choice", options=["Winter", "Summer"], options_when={"winter": gold})


def wrong(**values: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        make_contact("Ada", "Byron", **values)
    return refused.value.message_dict


def test_service_obeys_visible_required_and_options(dependent: None) -> None:
    ask = {"plan": None, "code": None, "tyres": None}
    assert list(wrong(custom={**ask, "plan": "silver", "code": "A1"})) == ["cf_code"]
    assert list(wrong(city="Leeds", custom={**ask, "plan": "gold"})) == ["cf_code"]
    assert list(wrong(custom={**ask, "plan": "silver", "tyres": "winter"})) == ["cf_tyres"]
    made = make_contact(city="Leeds", custom={**ask, "plan": "gold", "code": "A1", "tyres": "winter"})
    assert made.custom == {"plan": "gold", "code": "A1", "tyres": "winter"}
    with pytest.raises(ValidationError) as refused:
        update_contact(actor=None, contact=made, changes={"custom": {"plan": "silver"}})
    assert list(refused.value.message_dict) == ["cf_tyres"]
    assert Contact.objects.get(pk=made.pk).custom["plan"] == "gold"


def test_moving_to_leeds_demands_the_code(dependent: None) -> None:
    made = make_contact(custom={"plan": "gold"})
    with pytest.raises(ValidationError) as refused:
        update_contact(actor=None, contact=made, changes={"city": "Leeds"})
    assert list(refused.value.message_dict) == ["cf_code"]
    update_contact(actor=None, contact=Contact.objects.get(pk=made.pk), changes={"country": "GB"})


def test_form_api_and_import_refuse_the_same(dependent: None) -> None:
    admin = make_user("admin", is_superuser=True)
    client = Client()
    client.force_login(admin)
    page = client.get(reverse("contacts:contact_create")).content.decode()
    assert "data-field-rules" in page
    data = {"first_name": "Ada", "last_name": "Byron", "lifecycle_stage": "lead", "cf_plan": "silver"}
    answer = client.post(reverse("contacts:contact_create"), {**data, "cf_code": "A1"})
    assert (answer.status_code, 'value="A1"' in answer.content.decode()) == (422, True)
    body = {"last_name": "Api", "custom": {"plan": "silver", "code": "A1", "nope": 1}}
    sent = client.post("/api/v1/contacts/", body, content_type="application/json")
    assert (sent.status_code, list(sent.json()["errors"]["custom"])) == (400, ["nope"])
    del body["custom"]["nope"]  # type: ignore[attr-defined]
    sent = client.post("/api/v1/contacts/", body, content_type="application/json")
    assert (sent.status_code, list(sent.json()["errors"]["custom"])) == (400, ["code"])
    batch, _job = bring(admin, "contacts", "last name,plan,code\nMiller,Silver,A1\nSmith,Gold,A2\n")
    assert [fate for _line, fate in fates(batch)] == ["failed", "created"]
    assert [c.custom for c in Contact.objects.all()] == [{"plan": "gold", "code": "A2"}]


@pytest.fixture
def blind() -> User:
    """Somebody who may do everything with contacts, but whose role hides the field «secret»."""
    user = make_user("manager")
    everything = dict.fromkeys(("view", "add", "change", "remove", "export"), "all")
    RoleGrant.objects.filter(role=Role.objects.get(key="manager"), record_type="contact").update(
        **everything, hidden_fields=["cf_secret"]
    )
    return User.objects.get(pk=user.pk)


def test_hidden_field_leaks_nowhere(blind: User) -> None:
    add("Secret code", key="secret", searchable=True)
    add("Open", key="open")
    contact = make_contact("Ada", "Byron", custom={"secret": SECRET, "open": "x"})
    client = Client()
    client.force_login(blind)
    urls = [
        reverse("contacts:contact_list") + "?columns=name,cf_secret,cf_open&cf_secret__contains=zin&sort=cf_secret",
        reverse("contacts:contact_list") + "?format=csv",
        reverse("contacts:contact_list") + f"?q={SECRET}&filter=cf_secret",
        reverse("contacts:contact_detail", args=[contact.pk]),
        reverse("contacts:contact_update", args=[contact.pk]),
        reverse("contacts:contact_create"),
        reverse("contacts:segment_create"),
        reverse("core:history", args=["contact", contact.pk]),
        reverse("core:history", args=["contact", contact.pk]) + "?field=cf_secret",
        reverse("core:palette") + f"?q={SECRET}",
        "/api/v1/contacts/",
        f"/api/v1/contacts/{contact.pk}/",
        "/api/v1/schema/",
    ]  # fmt: skip
    for url in urls:
        answer = client.get(url, follow=True)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code in (200, 404), url
        shown = text.decode().replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', "")
        assert SECRET not in shown, url
        assert "Secret code" not in shown, url
    assert search_contacts(blind, SECRET, 5) == []
    field = reverse("core:field", args=["contact", contact.pk, "cf_secret"])
    assert client.get(field).status_code in (403, 404)
    assert client.post(field, {"cf_secret": "y", "version": 1}).status_code in (403, 404)
    known = client.get("/api/v1/contacts/?cf_secret__contains=Zin")
    unknown = client.get("/api/v1/contacts/?cf_nothing__contains=Zin")
    assert (known.status_code, known.json()["errors"]["cf_secret__contains"]) == (
        unknown.status_code, unknown.json()["errors"]["cf_nothing__contains"],
    )  # fmt: skip
    body = {"custom": {"secret": "y"}}
    sent = client.patch(f"/api/v1/contacts/{contact.pk}/", body, content_type="application/json")
    assert sent.json()["errors"] == {"custom": {"secret": ["There is no such field to write."]}}
    form = {"first_name": "Ada", "last_name": "King", "lifecycle_stage": "lead", "version": contact.version}
    client.post(reverse("contacts:contact_update", args=[contact.pk]), {**form, "cf_secret": "y"})
    contact.refresh_from_db()
    assert (contact.last_name, contact.custom["secret"]) == ("King", SECRET)


def test_field_that_is_read_only_for_a_role_is_shown_and_not_taken(blind: User) -> None:
    RoleGrant.objects.filter(role__key="manager", record_type="contact").update(
        hidden_fields=[], read_only_fields=["cf_secret"]
    )
    add("Secret code", key="secret")
    contact = make_contact("Ada", "Byron", custom={"secret": SECRET})
    client = Client()
    client.force_login(User.objects.get(pk=blind.pk))
    assert SECRET in client.get(reverse("contacts:contact_detail", args=[contact.pk])).content.decode()
    form = {"first_name": "Ada", "last_name": "King", "lifecycle_stage": "lead", "version": contact.version}
    client.post(reverse("contacts:contact_update", args=[contact.pk]), {**form, "cf_secret": "y"})
    body = {"custom": {"secret": "y"}}
    sent = client.patch(f"/api/v1/contacts/{contact.pk}/", body, content_type="application/json")
    assert sent.status_code == 400
    contact.refresh_from_db()
    assert (contact.last_name, contact.custom) == ("King", {"secret": SECRET})


def test_values_that_cannot_be_read_are_told_by_the_names_of_their_columns() -> None:
    actor = make_user("admin")
    for label in ("Budget", "Limit"):
        create_custom_field(actor=None, record_type="contact", label=label, kind="money")
    batch, _job = bring(actor, "contacts", "Last name,Budget,Limit,E-mail\nByron,abc,much,ada@example.org\n")
    (row,) = batch.rows.all()
    assert row.fate == "failed"
    assert [(item["column"], item["message"]) for item in row.problems] == [
        ("Budget", "“abc” is not a number."),
        ("Limit", "“much” is not a number."),
    ]
