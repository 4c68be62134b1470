"""The composer asks the custom fields of activities, as their own form does."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import Activity, ContactPoint
from contacts.tests.factories import make_company, make_contact
from core.models import RoleGrant
from core.services.custom_fields import create_custom_field
from core.tests.factories import make_user
from sales.tests.factories import make_deal

pytestmark = pytest.mark.django_db


def signed_in(role: str = "admin") -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def add(label: str, kind: str = "text", **values: Any) -> None:
    create_custom_field(actor=None, record_type="activity", label=label, kind=kind, **values)


@pytest.fixture
def fields() -> None:
    """A topic that each activity needs; a reason needed where nobody answered; a room for meetings; a score."""
    call = {"field": "kind", "op": "in", "value": ["call"]}
    meeting = {"field": "kind", "op": "in", "value": ["meeting"]}
    add("Topic", "choice", options=["Price", "Use"], required=True)
    add("Reason", required_when={"field": "outcome", "op": "in", "value": ["busy"]}, visible_when=call)
    add("Room", visible_when=meeting)
    add("Score", "number")


def compose(client: Client, record: Any, **data: Any) -> Any:
    url = reverse("contacts:compose", args=[record.record_type, record.pk])
    return client.post(url, {"kind": "call", "body": "Hello", **data}, headers={"HX-Request": "true"})


def test_what_is_needed_is_asked_and_the_rest_is_folded_away(fields: None) -> None:
    client = signed_in()
    for record in (make_contact(), make_company("Acme"), make_deal()):
        page = client.get(reverse(f"{record._meta.app_label}:{record.record_type}_detail", args=[record.pk]))
        shown, _fold, more = page.content.decode().partition('<details class="composer-more" data-fold>')
        assert ('name="cf_topic"' in shown, 'name="cf_reason"' in shown, 'name="cf_room"' in shown) == (
            True, True, False,
        )  # fmt: skip
        assert ('name="cf_room"' in more, 'name="cf_score"' in more) == (True, True)
        assert "data-field-rules=" in shown


def test_without_custom_fields_the_composer_stays_as_it_was() -> None:
    page = signed_in().get(reverse("contacts:contact_detail", args=[make_contact().pk])).content.decode()
    assert ("data-composer" in page, "composer-more" in page, "composer-fields" in page) == (
        True,
        False,
        False,
    )


def test_values_are_kept_with_every_kind(fields: None) -> None:
    contact, client = make_contact(), signed_in()
    ContactPoint.objects.create(
        contact=contact, kind="email", value="a@b.org", normalised="a@b.org", is_primary=True
    )
    for kind in ("call", "note", "email", "task", "meeting"):
        answer = compose(client, contact, kind=kind, subject="About", cf_topic="price", cf_score="7")
        assert answer.status_code == 200, answer.content.decode()
        assert Activity.objects.latest("pk").custom == {"topic": "price", "score": 7}


def test_rules_are_those_of_the_activitys_form(fields: None) -> None:
    contact, client = make_contact(), signed_in()
    for data, wrong in (
        ({}, "cf_topic"),
        ({"cf_topic": "price", "outcome": "busy"}, "cf_reason"),
        ({"cf_topic": "price", "cf_room": "4"}, "cf_room"),
    ):
        answer = compose(client, contact, **data)
        assert answer.status_code == 422
        page = answer.content.decode()
        box = page[page.index(f'id="div_id_composer_{wrong}"') :][:900]
        assert ("is-invalid" in box, page.count("is-invalid")) == (True, 1), wrong
    assert not Activity.objects.exists()
    assert compose(client, contact, cf_topic="price", outcome="busy", cf_reason="Lunch").status_code == 200
    assert Activity.objects.get().custom == {"topic": "price", "reason": "Lunch"}


def test_a_refused_one_keeps_all_that_was_typed_and_leaves_the_timeline(fields: None) -> None:
    answer = compose(signed_in(), make_contact(), outcome="voicemail", follow_up="1", cf_score="7")
    page = answer.content.decode()
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (
        422, "[data-composer]", "outerHTML",
    )  # fmt: skip
    assert '<details class="composer-more" data-fold open>' in page
    assert ('value="7"' in page, "Hello" in page, 'class="box composer open"' in page) == (True, True, True)
    assert 'value="voicemail" checked' in page
    assert 'name="follow_up" value="1" checked' in page
    assert 'id="timeline"' not in page


def test_hidden_and_read_only_fields_are_not_asked_nor_taken(fields: None) -> None:
    client, contact = signed_in("manager"), make_contact()
    grants = RoleGrant.objects.filter(role__key="manager", record_type="activity")
    grants.update(hidden_fields=["cf_score"], read_only_fields=["cf_room"])
    Activity.objects.all().delete()
    RoleGrant.objects.filter(role__key="manager", record_type="contact").update(view="all", change="all")
    page = client.get(reverse("contacts:contact_detail", args=[contact.pk])).content.decode()
    assert ('name="cf_score"' in page, 'name="cf_room"' in page, 'name="cf_topic"' in page) == (
        False, False, True,
    )  # fmt: skip
    answer = compose(client, contact, kind="meeting", subject="X", cf_topic="use", cf_score="7", cf_room="4")
    assert answer.status_code == 200
    assert Activity.objects.get().custom == {"topic": "use"}


def test_a_follow_up_is_due_on_the_day_that_was_chosen() -> None:
    client, contact = signed_in(), make_contact()
    day = timezone.localdate() + timedelta(days=9)
    assert compose(client, contact, follow_up="1", follow_up_on=day.isoformat()).status_code == 200
    assert timezone.localdate(Activity.objects.get(kind="task").due_at) == day
    over = compose(client, contact, follow_up="1", follow_up_on="2020-02-02")
    page = over.content.decode()
    assert (over.status_code, Activity.objects.count()) == (422, 2)
    assert ("This day is over." in page, 'value="2020-02-02"' in page) == (True, True)
    # without the tick the day that is offered counts for nothing
    assert compose(client, contact, follow_up_on="2020-02-02").status_code == 200


def test_a_call_that_came_in_is_kept_as_one() -> None:
    client, contact = signed_in(), make_contact()
    compose(client, contact, incoming="1")
    compose(client, contact)
    assert list(Activity.objects.order_by("pk").values_list("direction", flat=True)) == ["in", "out"]


def test_a_meeting_of_yesterday_has_taken_place_and_a_task_of_yesterday_is_late() -> None:
    client, contact = signed_in(), make_contact()
    moment = timezone.localtime().replace(second=0, microsecond=0) - timedelta(days=1)
    for kind in ("meeting", "task"):
        compose(client, contact, kind=kind, subject="Offer", due_at=moment.strftime("%Y-%m-%dT%H:%M"))
    meeting, task = Activity.objects.get(kind="meeting"), Activity.objects.get(kind="task")
    assert (meeting.occurred_at, meeting.due_at) == (moment, None)
    assert (task.due_at, task.done_at) == (moment, None)


def test_a_call_or_a_note_of_earlier_has_its_own_time_and_place_on_the_timeline() -> None:
    user = make_user("admin", time_zone="Asia/Kolkata")
    client, contact = Client(), make_contact(owner=user)
    client.force_login(user)
    compose(client, contact, body="The latest")
    for kind, typed in (("call", "2024-03-02T09:30"), ("note", "2024-03-01T18:05")):
        answer = compose(
            client, contact, kind=kind, body=f"A {kind} of March", earlier="1", occurred_at=typed
        )
        assert answer.status_code == 200
    page = answer.content.decode()
    places = [page.index(words) for words in ("The latest", "A call of March", "A note of March")]
    assert places == sorted(places)
    call, note = Activity.objects.get(body="A call of March"), Activity.objects.get(kind="note")
    assert (call.occurred_at, note.occurred_at) == (
        datetime(2024, 3, 2, 4, 0, tzinfo=UTC), datetime(2024, 3, 1, 12, 35, tzinfo=UTC),
    )  # fmt: skip
    assert call.created_at > timezone.now() - timedelta(minutes=5)
    contact.refresh_from_db()
    assert contact.last_activity_at == Activity.objects.get(body="The latest").occurred_at
    # without the tick the moment that is offered counts for nothing
    compose(client, contact, body="Now after all", occurred_at="2024-03-02T09:30")
    assert Activity.objects.latest("pk").occurred_at > timezone.now() - timedelta(minutes=5)


@pytest.mark.parametrize("kind", ["call", "note"])
def test_what_has_happened_is_not_still_to_come(kind: str) -> None:
    client, contact = signed_in(), make_contact()
    later = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    for typed, said in (
        (later, "This is still to come."),
        ("", "Say when it was."),
        ("odd", "Enter a valid"),
    ):
        refused = compose(client, contact, kind=kind, earlier="1", occurred_at=typed)
        page = refused.content.decode()
        assert (refused.status_code, said in page, "Hello" in page) == (422, True, True)
        assert 'name="earlier" value="1" checked' in page
    assert not Activity.objects.exists()
    assert compose(client, contact, kind=kind, occurred_at="odd").status_code == 200


def test_the_moment_offered_is_now_on_the_readers_clock() -> None:
    user = make_user("admin", time_zone="Asia/Kolkata")
    client, contact = Client(), make_contact()
    client.force_login(user)
    clock = ZoneInfo("Asia/Kolkata")
    before = timezone.localtime(timezone=clock).strftime("%Y-%m-%dT%H:%M")
    page = client.get(reverse("contacts:contact_detail", args=[contact.pk])).content.decode()
    offered = page.split('name="occurred_at"')[1].split('value="')[1].split('"')[0]
    assert before <= offered <= timezone.localtime(timezone=clock).strftime("%Y-%m-%dT%H:%M")


def test_composer_says_before_the_typing_that_a_mail_would_be_refused() -> None:
    client, words = signed_in(), "Not to be contacted: a mail will be refused."
    quiet, open_one = make_contact(do_not_contact=True), make_contact()
    assert words in client.get(reverse("contacts:contact_detail", args=[quiet.pk])).content.decode()
    assert words not in client.get(reverse("contacts:contact_detail", args=[open_one.pk])).content.decode()
