"""Segments and personas through the API: counting, members, why, history, overlap, snapshots, portraits."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from contacts.models import Contact, Segment
from contacts.segmentation.upkeep import keep_up
from contacts.services.personas import create_persona
from contacts.services.segments import add_members, create_segment
from contacts.tests.factories import make_activity, make_contact
from core.tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
BERLIN = {"field": "city", "op": "is", "value": "Berlin"}
CALLED = {"field": "activities.count", "op": "gte", "value": 1, "last": 30}


@pytest.fixture
def api(client: Client) -> Client:
    client.force_login(make_user("admin", make_team("North"), is_superuser=True))
    return client


def send(client: Client, method: str, url: str, **data: Any) -> Any:
    return client.generic(
        method, f"/api/v1/segments/{url}", json.dumps(data), content_type="application/json"
    )


def get(client: Client, url: str, **query: Any) -> Any:
    response = client.get(f"/api/v1/segments/{url}", query)
    assert response.status_code == 200, response.content
    return response.json()


def test_rule_is_tried_before_it_is_saved(api: Client) -> None:
    ada, _paris = make_contact("Ada", "Byron", city="Berlin"), make_contact(city="Paris")
    found = send(api, "POST", "preview/", rule={"all": [BERLIN]})
    assert (found.status_code, found.json()) == (200, {
        "count": 1, "count_is_exact": True, "sample": [{"id": ada.pk, "name": "Ada Byron"}], "words": "City is Berlin",
    })  # fmt: skip
    assert not Segment.objects.exists()
    wrong = send(api, "POST", "preview/", rule={"field": "shoe_size", "op": "is", "value": 1})
    assert (wrong.status_code, wrong["Content-Type"]) == (400, "application/problem+json")
    assert wrong.json()["errors"] == {"rule": ["There is no field “shoe_size” to filter by."]}
    assert send(api, "POST", "preview/").status_code == 400


def test_segment_is_made_counted_and_its_members_read(api: Client) -> None:
    people = [make_contact(f"P{n}", city="Berlin") for n in range(3)]
    made = send(api, "POST", "", name="B", rule=BERLIN)
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    for _round in ("worked out", "kept"):
        counted = get(api, f"{pk}/count/")
        assert (counted["count"], counted["count_is_exact"], counted["words"]) == (3, True, "City is Berlin")
        page = get(api, f"{pk}/members/")
        assert [one["id"] for one in page["results"]] == [one.pk for one in people]
        assert (page["count"], page["next"]) == (3, None)
        keep_up()
    assert api.get(f"/api/v1/segments/{pk}/members/", {"cursor": "x"}).status_code == 400


def test_why_says_each_condition_its_value_and_since_when(api: Client) -> None:
    ada = make_contact("Ada", city="Berlin")
    make_activity("call", contact=ada)
    segment = create_segment(actor=None, name="B", rule={"all": [BERLIN, {"not": CALLED}]})
    keep_up()
    Contact.objects.filter(pk=ada.pk).update(city="Paris")
    keep_up()
    told = get(api, f"{segment.pk}/why/", contact=ada.pk)
    assert told["contact"] == ada.pk
    assert told["reason"] == {
        "group": "all", "met": False, "parts": [
            {"condition": "City is Berlin", "met": False, "value": "Paris"},
            {"group": "none", "met": False, "parts": [
                {"condition": "Activities: number in the last 30 days is at least 1", "met": True, "value": "1"}
            ]},
        ],
    }  # fmt: skip
    assert [(one["how"], one["inside"]) for one in told["history"]] == [("filled", False)]
    for wrong, code in (("", 400), ("x", 400), ("99999999", 404)):
        assert api.get(f"/api/v1/segments/{segment.pk}/why/", {"contact": wrong}).status_code == code


def test_history_and_snapshot(api: Client) -> None:
    ada = make_contact("Ada", city="Paris")
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    keep_up()
    for city in ("Berlin", "Paris", "Berlin"):
        Contact.objects.filter(pk=ada.pk).update(city=city)
        keep_up()
    told = get(api, f"{segment.pk}/history/")
    assert [(one["contact"], one["entered"]) for one in told["results"]] == [
        (ada.pk, True), (ada.pk, False), (ada.pk, True),
    ]  # fmt: skip
    made = send(api, "POST", f"{segment.pk}/snapshot/", name="Then")
    assert (made.status_code, made.json()["name"], made.json()["kind"]) == (201, "Then", "static")
    Contact.objects.filter(pk=ada.pk).update(city="Paris")
    keep_up()
    pk = made.json()["id"]
    assert [one["id"] for one in get(api, f"{pk}/members/")["results"]] == [ada.pk]
    bob = make_contact("Bob")
    assert send(api, "POST", f"{pk}/members/add/", contacts=[bob.pk, 10**9]).json() == {"added": 1}
    assert send(api, "POST", f"{pk}/members/remove/", contacts=[ada.pk]).json() == {"removed": 1}
    keep_up()
    assert [one["id"] for one in get(api, f"{pk}/members/")["results"]] == [bob.pk]
    assert send(api, "POST", f"{segment.pk}/members/add/", contacts=[bob.pk]).status_code == 400


def test_overlap_counts_exact_combinations_and_pairs(api: Client) -> None:
    for city, phone in (("Berlin", True), ("Berlin", False), ("Berlin", False), ("Paris", True)):
        make_contact(city=city, do_not_contact=phone)
    first = create_segment(actor=None, name="B", rule=BERLIN)
    second = create_segment(actor=None, name="D", rule={"field": "do_not_contact", "op": "is", "value": True})
    told = get(api, f"{first.pk}/overlap/", **{"with": second.pk})
    assert told["segments"] == [first.pk, second.pk]
    assert told["exact"] == [
        {"segments": [first.pk], "people": 2}, {"segments": [second.pk], "people": 1},
        {"segments": [first.pk, second.pk], "people": 1},
    ]  # fmt: skip
    assert told["pairs"] == [{"segments": [first.pk, second.pk], "people": 1, "share": 0.25}]
    assert api.get(f"/api/v1/segments/{first.pk}/overlap/", {"with": "x"}).status_code == 400


def test_persona_has_a_portrait_of_its_people(api: Client) -> None:
    for number in range(3):
        make_contact(f"P{number}", country="DE" if number else "FR", city="Berlin")
    segment = create_segment(actor=None, name="B", rule=BERLIN)
    persona = create_persona(actor=None, name="The Berliner", segment=segment)
    told = api.get(f"/api/v1/personas/{persona.pk}/portrait/").json()
    assert (told["people"], told["looked_at"]) == (3, 3)
    assert Contact.objects.get(pk=told["typical"]).country == "DE"
    countries = next(one for one in told["spreads"] if one["label"] == "By country")
    assert countries["buckets"] == [
        {"label": "Germany", "people": 2},
        {"label": "France", "people": 1},
    ]


def test_command_counts_and_ends_with_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    ada = make_contact("Ada", city="Berlin")
    segment = create_segment(actor=None, name="Berliners", rule=BERLIN)
    call_command("segment_count", "Berliners")
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {key: told[key] for key in ("segment", "name", "count", "kept")} == {
        "segment": segment.pk, "name": "Berliners", "count": 1, "kept": False,
    }  # fmt: skip
    keep_up()
    call_command("segment_count", str(segment.pk))
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["kept"] is True
    call_command("segment_count", str(segment.pk), "--live")
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["count"], told["kept"]) == (1, False)
    fixed = create_segment(actor=None, name="Guests", kind="static")
    add_members(actor=None, segment=fixed, contact_ids=[ada.pk])
    call_command("segment_count", "Guests")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["count"] == 1
    create_segment(actor=None, name="Guests", kind="static")
    for wrong in ("Guests", "nobody", "99999"):
        with pytest.raises(CommandError):
            call_command("segment_count", wrong)
