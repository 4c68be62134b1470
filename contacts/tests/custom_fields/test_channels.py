"""Every kind of custom field through every channel: each of them writes and reads the same value."""

import csv
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from contacts.models import Contact
from contacts.selectors.search import search_contacts
from contacts.services.parties import update_contact
from contacts.services.privacy import erase_contact, export_contact
from contacts.services.segments import create_segment
from contacts.tests.custom_fields.cases import CASES, KEY, LINK, NAME, Case, link_case, parameter
from contacts.tests.factories import make_company, make_contact
from core.models import Change, User
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates

pytestmark = pytest.mark.django_db
KINDS = [*(case.kind.value for case in CASES), LINK]


@pytest.fixture
def admin() -> User:
    return make_user("admin", is_superuser=True)


@pytest.fixture
def client(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture(params=KINDS)
def case(request: pytest.FixtureRequest) -> Case:
    if request.param == LINK:
        return link_case(make_company("Almond AG"), make_company("Hazel AG"))
    return next(case for case in CASES if case.kind.value == request.param)


def with_values(case: Case) -> tuple[Contact, Contact, Contact]:
    """Three people: one with the low value, one with the high one, one without any."""
    case.make()
    low = make_contact("Zoe", "Low", custom={KEY: case.low})
    high = make_contact("Abe", "High", custom={KEY: case.high})
    return low, high, make_contact("Mia", "None")


def held(contact: Contact) -> Any:
    return Contact.objects.get(pk=contact.pk).custom.get(KEY)


def test_form_creates_and_edits(case: Case, client: Client) -> None:
    case.make()
    page = client.get(reverse("contacts:contact_create"))
    assert f'name="{next(iter(case.posted))}"' in page.content.decode()
    data = {"first_name": "Ada", "last_name": "Byron", "lifecycle_stage": "lead", **case.posted}
    assert client.post(reverse("contacts:contact_create"), data).status_code == 303
    made = Contact.objects.get(last_name="Byron")
    assert made.custom == {KEY: case.low}
    edit = reverse("contacts:contact_update", args=[made.pk])
    data = {"first_name": "Ada", "last_name": "King", "lifecycle_stage": "lead", "version": made.version}
    assert client.post(edit, {**data, **case.posted}).status_code == 303
    made.refresh_from_db()
    assert (made.last_name, made.custom) == ("King", {KEY: case.low})
    assert client.post(edit, {**data, "version": made.version}).status_code == 303
    assert Contact.objects.get(pk=made.pk).custom == {}


def test_form_keeps_what_was_typed_wrong(case: Case, client: Client) -> None:
    case.make(required=True)
    data = {"first_name": "Ada", "last_name": "Byron", "lifecycle_stage": "lead"}
    answer = client.post(reverse("contacts:contact_create"), data)
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
    assert not Contact.objects.exists()


def test_page_shows_and_edits_in_place(case: Case, client: Client) -> None:
    low, high, _none = with_values(case)
    assert case.shown in client.get(reverse("contacts:contact_detail", args=[low.pk])).content.decode()
    url = reverse("core:field", args=["contact", high.pk, NAME])
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 200
    answer = client.post(url, {**case.posted, "version": high.version}, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.content.decode()
    assert case.shown in answer.content.decode()
    assert held(high) == case.low


def test_list_shows_filters_and_sorts(case: Case, client: Client) -> None:
    low, high, none = with_values(case)
    url = reverse("contacts:contact_list")
    assert case.shown in client.get(f"{url}?columns=name,{NAME}").content.decode()
    assert rows_of(client.get(f"{url}?{parameter(case)}")) == [low.pk]
    empty = "is=false" if case.kind == "boolean" else "empty=1"
    without = rows_of(client.get(f"{url}?{NAME}__{empty}"))
    assert without == ([high.pk, none.pk] if case.kind == "boolean" else [none.pk])
    if case.sorts:
        up = rows_of(client.get(f"{url}?columns=name,{NAME}&sort={NAME}"))
        down = rows_of(client.get(f"{url}?columns=name,{NAME}&sort=-{NAME}"))
        assert (up, down) == ([none.pk, low.pk, high.pk], [high.pk, low.pk, none.pk])


def rows_of(answer: Any) -> list[int]:
    import re

    assert answer.status_code == 200
    return [int(pk) for pk in re.findall(r'data-row="(\d+)"', answer.content.decode())]


def test_segment_selects(case: Case, client: Client, admin: User) -> None:
    low, high, none = with_values(case)
    op, _separator, value = case.query.partition("=")
    leaf = {"field": NAME, "op": op, "value": value.split(",") if op == "in" else value}
    for rule, expected in ((leaf, {low.pk}), ({"not": leaf}, {high.pk, none.pk})):
        segment = create_segment(actor=admin, name=f"S{len(expected)}", kind="dynamic", rule=rule)
        found = client.get(f"{reverse('contacts:contact_list')}?segment={segment.pk}")
        assert set(rows_of(found)) == expected


def test_api_reads_writes_and_filters(case: Case, client: Client) -> None:
    low, high, _none = with_values(case)
    assert client.get(f"/api/v1/contacts/{low.pk}/").json()["custom"] == {KEY: case.low}
    body = {"last_name": "Api", "custom": {KEY: case.low}}
    made = client.post("/api/v1/contacts/", body, content_type="application/json")
    assert (made.status_code, made.json()["custom"]) == (201, {KEY: case.low})
    changed = client.patch(
        f"/api/v1/contacts/{low.pk}/", {"custom": {KEY: case.high}}, content_type="application/json"
    )
    assert changed.json()["custom"] == {KEY: case.high}
    found = client.get(f"/api/v1/contacts/?{parameter(case)}").json()["results"]
    assert [row["id"] for row in found] == [made.json()["id"]]
    gone = client.patch(
        f"/api/v1/contacts/{low.pk}/", {"custom": {KEY: None}}, content_type="application/json"
    )
    assert gone.json()["custom"] == {KEY: None}
    wrong = client.patch(
        f"/api/v1/contacts/{high.pk}/", {"custom": {KEY: {"wrong": []}}}, content_type="application/json"
    )
    assert (wrong.status_code, list(wrong.json()["errors"]["custom"])) == (400, [KEY])
    assert held(high) == case.high


def test_export_is_imported_without_a_change(case: Case, admin: User) -> None:
    low, high, _none = with_values(case)
    written = io.StringIO()
    call_command("export_records", "--target", "contacts", "--as", admin.email, stdout=written)
    lines = list(csv.DictReader(io.StringIO(written.getvalue().removeprefix("\ufeff"))))
    assert {line["Name"]: line["Probe"] for line in lines}["Zoe Low"] == case.told
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["Full name", "Probe"])
    writer.writerows([line["Name"], line["Probe"]] for line in lines)
    batch, _job = bring(admin, "contacts", table.getvalue())
    assert batch.mapping["columns"]["Probe"] == NAME
    assert [fate for _line, fate in fates(batch)] == ["skipped"] * 3, batch.rows.values_list("problems")
    assert (held(low), held(high)) == (case.low, case.high)


def test_import_creates_and_changes(case: Case, admin: User) -> None:
    low, high, _none = with_values(case)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["First name", "Last name", "Probe"])
    writer.writerows([["New", "Person", case.cell], ["Abe", "High", case.cell], ["Zoe", "Low", ""]])
    batch, _job = bring(admin, "contacts", table.getvalue())
    assert [fate for _line, fate in fates(batch)] == ["created", "updated", "skipped"]
    assert held(Contact.objects.get(last_name="Person")) == case.low
    assert (held(high), held(low)) == (case.low, case.low)


def test_history_tells_the_change(case: Case, client: Client, admin: User) -> None:
    low, _high, _none = with_values(case)
    update_contact(actor=admin, contact=low, changes={"custom": {KEY: case.high}})
    page = client.get(reverse("core:history", args=["contact", low.pk]))
    assert "Probe" in page.content.decode()
    assert Change.objects.filter(object_id=low.pk, op="U").latest("pk").before == {f"custom.{KEY}": case.low}
    one = client.get(reverse("core:history", args=["contact", low.pk]) + f"?field={NAME}")
    assert "Probe" in one.content.decode()


def test_search_finds_flagged_fields(case: Case, admin: User) -> None:
    if not case.words:
        return
    low, _high, _none = with_values(case)
    assert search_contacts(admin, case.words, 10) == []
    from core.models import CustomField
    from core.services.custom_fields import update_custom_field

    update_custom_field(actor=None, field=CustomField.objects.get(), changes={"searchable": True})
    assert [hit.object_id for hit in search_contacts(admin, case.words, 10)] == [low.pk]


def test_access_request_tells_and_erasure_takes(case: Case, admin: User) -> None:
    low, _high, _none = with_values(case)
    told = export_contact(actor=admin, contact=low)["data"]["contacts.Contact"][0]["custom"]
    assert told == {"Probe": "Almond AG" if case.kind == "link" else case.low}
    erase_contact(actor=admin, contact=low)
    assert Contact.all_objects.get(pk=low.pk).custom == {}
    left = Change.objects.filter(object_id=low.pk, model__label="contacts.Contact")
    assert KEY not in json.dumps(list(left.values_list("before", flat=True)))


def test_field_that_is_not_personal_survives_erasure(case: Case, admin: User) -> None:
    case.make(personal=False)
    contact = make_contact("Zoe", "Low", custom={KEY: case.low})
    assert "Probe" not in json.dumps(export_contact(actor=admin, contact=contact))
    erase_contact(actor=admin, contact=contact)
    assert Contact.all_objects.get(pk=contact.pk).custom == {KEY: case.low}
