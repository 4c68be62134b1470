"""What happens with people: the timeline's lines, follow-ups, mentions, mails."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.enums import ActivityKind
from contacts.models import Activity, TimelineEntry
from contacts.services.activities import complete_activity, log_activity, reopen_activity, update_activity
from contacts.services.consents import suppress
from contacts.services.mailing import send_email
from contacts.tests.factories import make_company, make_contact
from core.jobs.running import run
from core.models import Job, Notification
from core.outbox.dispatcher import drain
from core.services.base import NotAllowed
from core.services.trash import delete_record, restore_record
from core.tests.factories import make_role, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def lines(**where: Any) -> list[tuple[str, str]]:
    rows = TimelineEntry.objects.filter(record_type="activity", **where).order_by("pk")
    return list(rows.values_list("kind", "title"))


def test_call_with_follow_up_is_one_line_and_one_task() -> None:
    user, company = make_user("sales"), make_company()
    contact = make_contact(company=company, owner=user)
    due = timezone.now() + timedelta(days=2)
    call = log_activity(
        actor=user, kind="call", contact=contact, body="Budget approved", outcome="connected", occurred_at=AT,
        follow_up_at=due, links=[("deal", 7)],
    )  # fmt: skip
    entry = TimelineEntry.objects.get(record_type="activity")
    assert (entry.contact_id, entry.company_id, entry.kind) == (contact.pk, company.pk, "call")
    assert (entry.actor_id, entry.occurred_at, entry.data["outcome"]) == (user.pk, AT, "connected")
    task = Activity.objects.get(kind=ActivityKind.TASK)
    assert (task.due_at, task.owner_id, task.subject) == (due, user.pk, "Follow up")
    assert [list(a.links.values_list("record_type", "object_id")) for a in (call, task)] == [
        [("deal", 7)]
    ] * 2
    contact.refresh_from_db()
    assert contact.last_activity_at == AT


def test_task_is_on_the_timeline_when_it_is_done_and_off_when_reopened() -> None:
    contact = make_contact()
    task = log_activity(actor=None, kind="task", contact=contact, subject="Send references")
    assert lines() == []
    complete_activity(actor=None, activity=task)
    complete_activity(actor=None, activity=task)
    assert lines() == [("task", "Send references")]
    reopen_activity(actor=None, activity=task)
    assert lines() == []


def test_changed_activity_changes_its_line() -> None:
    note = log_activity(actor=None, kind="note", contact=make_contact(), subject="First", body="one")
    update_activity(actor=None, activity=note, changes={"subject": "Second", "body": "two"})
    assert TimelineEntry.objects.filter(record_type="activity").values_list("title", "body").get() == (
        "Second",
        "two",
    )


def test_deleted_activity_leaves_the_timeline_and_restored_returns() -> None:
    note = log_activity(actor=None, kind="note", contact=make_contact(), subject="First", body="one")
    delete_record(actor=None, record=note)
    drain()
    assert lines() == []
    restore_record(actor=None, record=note)
    drain()
    assert lines() == [("note", "First")]


@pytest.mark.parametrize(
    ("kind", "field"), [("task", "subject"), ("note", "body"), ("email", "subject"), ("meeting", "subject")]
)
def test_activity_without_its_words_is_refused_by_field(kind: str, field: str) -> None:
    with pytest.raises(ValidationError) as error:
        log_activity(actor=None, kind=kind, contact=make_contact(), subject=" ", body=" ")
    assert list(error.value.message_dict) == [field]
    assert not Activity.objects.exists()


def test_mentioned_person_is_told_once_if_they_may_see_the_record() -> None:
    author, reader = make_user("marketing"), make_user("marketing", name="Mira")
    stranger = make_user(make_role(contact="view:own"), name="Out")
    contact = make_contact("Ada", "Byron")
    body = f"@[Mira]({reader.pk}) and @[Out]({stranger.pk}), and @[Mira]({reader.pk}) again"
    log_activity(actor=author, kind="note", contact=contact, body=body)
    told = Notification.objects.get(kind="mention")
    assert (told.user_id, told.record_type, told.object_id) == (reader.pk, "contact", contact.pk)
    assert told.url == f"/contacts/{contact.pk}/"


def test_person_out_of_scope_cannot_be_written_about() -> None:
    user = make_user(make_role(contact="view:own", activity="view:all,add:all"))
    with pytest.raises(NotAllowed):
        log_activity(actor=user, kind="note", contact=make_contact(), body="x")
    assert not Activity.objects.exists()


def test_mail_is_recorded_at_once_and_sent_by_a_job() -> None:
    user = make_user("marketing", email="mira@example.com")
    contact = make_contact(email="Ada@Example.org")
    activity = send_email(actor=user, party=contact, subject="Quote\r\nBcc: x", body="Hello @[Mira](7)")
    assert lines(contact=contact) == [("email", "Quote\r\nBcc: x")]
    assert mail.outbox == []
    job = run(Job.objects.get(kind="contacts.send_mail").pk)
    assert job is not None and (job.state, job.error) == ("done", "")
    sent = mail.outbox[0]
    assert (sent.to, sent.subject, sent.body) == (["ada@example.org"], "Quote Bcc: x", "Hello @Mira")
    assert sent.reply_to == ["mira@example.com"]
    assert sent.extra_headers["Message-ID"] == f"<{activity.external_id}>"


def test_mail_to_nobody_and_to_who_is_left_alone_is_refused() -> None:
    user = make_user("marketing")
    with pytest.raises(ValidationError, match="has no e-mail address"):
        send_email(actor=user, party=make_contact(), subject="a", body="b")
    with pytest.raises(ValidationError, match="is not to be written to"):
        send_email(
            actor=user, party=make_contact(email="a@example.org", do_not_contact=True), subject="a", body="b"
        )
    suppress(actor=None, address="b@example.org", cause="manual", reach="all")
    with pytest.raises(ValidationError, match="is not to be written to"):
        send_email(actor=user, party=make_contact(email="b@example.org"), subject="a", body="b")
    suppress(actor=None, address="c@example.org", cause="unsubscribed")
    send_email(actor=user, party=make_contact(email="c@example.org"), subject="a", body="b")
    assert Activity.objects.count() == 1


def test_mail_that_the_server_refuses_ends_with_a_sentence(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    send_email(actor=make_user("marketing"), party=make_contact(email="a@example.org"), subject="a", body="b")
    job = run(Job.objects.get(kind="contacts.send_mail").pk)
    assert job is not None and job.state == "failed"
    assert "The mail server did not take the message (ConnectionRefusedError)" in job.error
