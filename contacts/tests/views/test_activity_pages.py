"""What was logged can be opened, mended, put off and thrown away, and the timeline follows."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import Activity, TimelineEntry
from contacts.services.activities import complete_activity, log_activity
from contacts.tests.factories import make_contact
from core.models import User
from core.outbox.dispatcher import drain
from core.tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def seller(client: Client) -> User:
    user = make_user("sales", make_team("North"))
    client.force_login(user)
    return user


def line(activity: Activity) -> dict[str, Any] | None:
    found = TimelineEntry.objects.filter(record_type="activity", object_id=activity.pk)
    return found.values("title", "body", "data", "occurred_at").first()


def test_a_call_is_opened_from_the_timeline_and_mended(client: Client, seller: User) -> None:
    contact = make_contact(owner=seller)
    call = log_activity(
        actor=seller, kind="call", contact=contact, body="Budgt approved", outcome="voicemail"
    )
    url = f"/contacts/activities/{call.pk}/"
    assert f'href="{url}"' in client.get(f"/contacts/{contact.pk}/").content.decode()
    assert "Budgt approved" in client.get(url).content.decode()
    form = client.get(f"{url}edit/").context["form"]
    assert "due_at" not in form.fields
    values = {
        "subject": "Budget", "body": "Budget approved", "outcome": "connected", "direction": "out",
        "occurred_at": "2026-03-04T12:00", "owner": seller.pk, "version": "1",
    }  # fmt: skip
    assert client.post(f"{url}edit/", values).status_code == 303
    shown = line(call)
    assert shown is not None
    assert (shown["title"], shown["body"], shown["data"]["outcome"]) == (
        "Budget", "Budget approved", "connected",
    )  # fmt: skip
    stale = client.post(f"{url}edit/", {**values, "body": "Mine"})
    assert stale.status_code == 409
    assert "Budget approved" in stale.content.decode()


def test_a_task_is_put_off_and_stays_off_the_timeline(client: Client, seller: User) -> None:
    task = log_activity(actor=seller, kind="task", contact=make_contact(owner=seller), subject="Call back")
    url = f"/contacts/activities/{task.pk}/edit/"
    assert f'href="/contacts/activities/{task.pk}/"' in client.get("/contacts/tasks/").content.decode()
    values = {"subject": "Call back", "due_at": "2027-01-05T09:30", "owner": seller.pk, "version": "1"}
    assert client.post(url, values).status_code == 303
    task.refresh_from_db()
    assert task.due_at is not None
    assert task.due_at.isoformat() == "2027-01-05T09:30:00+00:00"
    assert line(task) is None
    refused = client.post(url, {**values, "due_at": "", "version": "2"})
    assert refused.status_code == 422
    assert refused.context["form"].errors["due_at"]


def test_the_words_of_a_sent_mail_stay(client: Client, seller: User) -> None:
    mail = log_activity(
        actor=seller, kind="email", contact=make_contact(owner=seller), subject="Offer", body="As sent"
    )
    values = {"subject": "Forged", "body": "Forged", "owner": seller.pk, "version": "1"}
    client.post(f"/contacts/activities/{mail.pk}/edit/", values)
    mail.refresh_from_db()
    assert (mail.subject, mail.body) == ("Offer", "As sent")


def test_deleting_and_ticking_off_are_undone_with_the_line(client: Client, seller: User) -> None:
    contact = make_contact(owner=seller)
    note = log_activity(actor=seller, kind="note", contact=contact, body="Likes tea")
    client.post(f"/records/activity/{note.pk}/delete/")
    drain()
    assert line(note) is None
    client.post(toast_of(client)["undo_url"])
    drain()
    shown = line(note)
    assert shown is not None
    assert shown["body"] == "Likes tea"
    task = log_activity(actor=seller, kind="task", contact=contact, subject="Send it", due_at=timezone.now())
    client.post(f"/contacts/activities/{task.pk}/done/")
    assert line(task) is not None
    client.post(toast_of(client)["undo_url"])
    drain()
    assert line(task) is None
    assert Activity.objects.get(pk=task.pk).done_at is None


def toast_of(client: Client) -> dict[str, str]:
    """The newest message that waits for the next page."""
    *_, newest = client.get("/contacts/tasks/").context["messages"]
    return {"undo_url": str(newest.extra_tags).removeprefix("undo:").split(" ")[0]}


def test_several_tasks_are_ticked_off_and_handed_over(client: Client, seller: User) -> None:
    contact, other = make_contact(owner=seller), make_user("sales", seller.team)
    tasks = [log_activity(actor=seller, kind="task", contact=contact, subject=f"Task {n}") for n in range(3)]
    complete_activity(actor=seller, activity=tasks[0])
    chosen = {"action": "done", "ids": [task.pk for task in tasks[:2]]}
    client.post("/contacts/activities/", chosen)
    assert [bool(a.done_at) for a in Activity.objects.order_by("pk")] == [True, True, False]
    give = {"action": "owner", "ids": [tasks[2].pk], "confirmed": "1", "owner": other.pk}
    client.post("/contacts/activities/", give)
    assert Activity.objects.get(pk=tasks[2].pk).owner == other


def test_a_field_of_a_call_is_edited_in_place(client: Client, seller: User) -> None:
    call = log_activity(actor=seller, kind="call", contact=make_contact(owner=seller), subject="First")
    url = f"/records/activity/{call.pk}/field/subject/"
    saved = client.post(url, {"subject": "Second", "version": "1"}, headers=FRAGMENT)
    assert saved.status_code == 200
    assert json.loads(saved["HX-Trigger"])["toast"]["text"] == "Saved"
    shown = line(call)
    assert shown is not None
    assert shown["title"] == "Second"


def test_somebody_elses_call_is_not_there(client: Client, seller: User) -> None:
    south = make_user("sales", make_team("South"))
    call = log_activity(actor=south, kind="call", contact=make_contact(owner=south), body="Secret words")
    assert client.get(f"/contacts/activities/{call.pk}/").status_code == 404
    assert client.post(f"/contacts/activities/{call.pk}/edit/", {"body": "x"}).status_code == 404
    client.force_login(make_user("readonly"))
    assert client.get(f"/contacts/activities/{call.pk}/").status_code == 200
    assert client.post(f"/contacts/activities/{call.pk}/edit/", {"body": "x"}).status_code == 403
