"""Files of activities: whom they are with, when they happened, what becomes of them the second time."""

from datetime import UTC, datetime
from typing import Any

import pytest

from contacts.models import Activity, ActivityLink, Contact, TimelineEntry
from contacts.services.activities import update_activity
from contacts.tests.factories import make_company, make_contact
from core.jobs.running import run
from core.models import User
from core.services.imports import decide_words, start_undo
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates
from sales.tests.factories import make_deal

HEADER = "Id,Kind,Subject,Notes,When,Due,Status,Completed at,Duration,Contact email,Contact,Company,Deal\n"
FILE = (
    HEADER
    + "1,Call,Renewal,She agrees,2024-03-04 10:30,,Completed,,0:15,anna@example.com,,,Big one\n"
    + "2,Task,Send the list,,,2024-03-08 12:00,Not started,,,,Anna Snelling,,\n"
    + "3,Meeting,Kick-off,,2024-03-09 09:00,,,,1 h 30 min,,,Acme,\n"
    + "4,Note,,Rings twice,2024-03-10,,,,,nobody@example.com,,,\n"
)


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin")


@pytest.fixture
def anna(db: None) -> Contact:
    company = make_company("Acme")
    return make_contact("Anna", "Snelling", email="anna@example.com", company=company)


def undo(admin: User, batch: Any) -> dict[str, Any]:
    job = run(start_undo(actor=admin, batch=batch, wake=False).pk)
    assert job is not None
    return dict(job.result)


def test_activities_find_their_people_and_their_own_time(admin: User, anna: Contact) -> None:
    deal = make_deal(name="Big one", company=anna.company)
    batch, job = bring(admin, "activities", FILE)
    assert job.result["created"] == 4, list(batch.rows.values_list("problems", flat=True))
    call, task, meeting, note = Activity.objects.order_by("external_id")
    assert (call.kind, call.contact, call.company, call.duration_minutes) == ("call", anna, anna.company, 15)
    assert call.occurred_at == datetime(2024, 3, 4, 10, 30, tzinfo=UTC)
    assert list(ActivityLink.objects.values_list("activity", "record_type", "object_id")) == [
        (call.pk, "deal", deal.pk)
    ]
    assert (task.contact, task.due_at, task.done_at) == (anna, datetime(2024, 3, 8, 12, tzinfo=UTC), None)
    assert (meeting.company, meeting.duration_minutes, meeting.subject) == (anna.company, 90, "Kick-off")
    assert (note.contact, note.body) == (None, "Rings twice")
    waiting = batch.rows.get(review=True)
    assert (waiting.line, waiting.problems[0]["text"]) == (5, "nobody@example.com")
    told = TimelineEntry.objects.filter(record_type="activity").order_by("occurred_at")
    assert list(told.values_list("object_id", "occurred_at")) == [
        (call.pk, call.occurred_at), (meeting.pk, meeting.occurred_at),
    ]  # fmt: skip
    anna.refresh_from_db()
    assert anna.last_activity_at == call.occurred_at


def test_the_same_file_again_changes_nothing(admin: User, anna: Contact) -> None:
    bring(admin, "activities", FILE)
    for content in (FILE, FILE):
        batch, _job = bring(admin, "activities", content)
        assert {fate for _line, fate in fates(batch)} == {"skipped"}
    without_ids = "\n".join(line.partition(",")[2] for line in FILE.splitlines())
    batch, _job = bring(admin, "activities", without_ids)
    assert {fate for _line, fate in fates(batch)} == {"skipped"}
    assert Activity.objects.count() == 4


def test_an_activity_without_a_time_is_found_by_what_it_says(admin: User, anna: Contact) -> None:
    content = "Subject,Contact,Due\nWrite to her,Anna Snelling,\nPay the fee,,\n"
    for expected in ({"created"}, {"skipped"}):
        batch, _job = bring(admin, "activities", content, mapping={"constants": {"kind": "task"}})
        assert {fate for _line, fate in fates(batch)} == expected


def test_a_word_decided_later_gives_the_activity_its_person(admin: User, anna: Contact) -> None:
    batch, _job = bring(admin, "activities", FILE)
    decide_words(actor=admin, batch=batch, field="contact_email", values={"nobody@example.com": [anna.pk]})
    note = Activity.objects.get(kind="note")
    assert (note.contact, note.company) == (anna, anna.company)
    assert TimelineEntry.objects.get(object_id=note.pk, record_type="activity").contact == anna


def test_an_update_and_its_undo_show_on_the_timeline(admin: User, anna: Contact) -> None:
    bring(admin, "activities", FILE)
    first = "1,Call,Renewal,She agrees,2024-03-04 10:30"
    changed = FILE.replace(first, "1,Call,Renewal signed,She agrees,2024-03-05 10:30")
    done = changed.replace("Not started", "Completed")
    batch, job = bring(admin, "activities", done)
    assert (job.result["updated"], job.result["skipped"]) == (2, 2)
    call = Activity.objects.get(external_id="1")
    entry = TimelineEntry.objects.get(dedupe_key=f"activity:{call.pk}")
    assert (entry.title, entry.occurred_at) == ("Renewal signed", datetime(2024, 3, 5, 10, 30, tzinfo=UTC))
    assert TimelineEntry.objects.filter(kind="task").count() == 1
    undo(admin, batch)
    entry.refresh_from_db()
    assert (entry.title, entry.occurred_at) == ("Renewal", datetime(2024, 3, 4, 10, 30, tzinfo=UTC))
    assert TimelineEntry.objects.filter(kind="task").count() == 0


def test_undo_takes_activities_and_their_lines_and_leaves_what_changed(admin: User, anna: Contact) -> None:
    batch, _job = bring(admin, "activities", FILE)
    note = Activity.objects.get(kind="note")
    update_activity(actor=None, activity=note, changes={"body": "Rings thrice"})
    assert undo(admin, batch)["kept"] == 1
    assert list(Activity.objects.all()) == [note]
    assert not TimelineEntry.objects.filter(record_type="activity").exclude(object_id=note.pk).exists()


def test_a_trial_shows_what_would_change_and_writes_nothing(admin: User, anna: Contact) -> None:
    bring(admin, "activities", FILE)
    changed = FILE.replace("Renewal", "Renewal signed")
    batch, job = bring(admin, "activities", changed, dry_run=True)
    assert job.result["updated"] == 1
    assert batch.options["preview"]["changed"] == {"subject": 1}
    assert Activity.objects.filter(subject="Renewal signed").count() == 0


def test_long_subjects_go_on_in_the_notes_and_odd_durations_are_refused(admin: User, anna: Contact) -> None:
    content = f"Id,Kind,Subject,Duration\n1,Call,{'long ' * 100},30\n2,Call,Short,ages\n"
    batch, _job = bring(admin, "activities", content)
    assert fates(batch) == [(2, "created"), (3, "failed")]
    call = Activity.objects.get()
    assert (len(call.subject), call.body, call.duration_minutes) == (250, ("long " * 100).strip(), 30)


def test_activities_of_people_out_of_reach_are_nobodys(anna: Contact) -> None:
    sales = make_user("sales")
    batch, _job = bring(sales, "activities", FILE.partition("2,Task")[0])
    assert fates(batch) == [(2, "created")]
    call = Activity.objects.get()
    assert (call.contact, call.owner) == (None, sales)
    assert batch.rows.get().review
