"""Answers are sent once, and how it went is told."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.models import Suppression
from core.mail.message import Attachment
from core.models import Notification
from core.outbox.dispatcher import drain
from core.tests.factories import make_user
from local.mail_catcher import MailCatcher
from service.enums import Delivery
from service.models import Message
from service.services.confirming import confirm_ticket
from service.services.conversation import reply_to_ticket, resend_message
from service.services.sending import MAX_ATTEMPTS, deliver, due_messages, give_up_on_lost
from service.tests.factories import make_ticket

pytestmark = pytest.mark.django_db


class BrokenServer:
    """A mail server that answers with an error when the mail is handed over."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass

    def send_messages(self, messages: list[Any]) -> int:
        raise self.error


def answered(**fields: Any) -> Message:
    ticket = make_ticket(**fields)
    return reply_to_ticket(actor=make_user("service"), ticket=ticket, text="Try again.")


def state_of(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.delivery, message.delivery_error


def test_message_is_sent_once_however_often_it_is_woken(catcher: MailCatcher) -> None:
    message = answered()
    assert [deliver(message.pk), deliver(message.pk)] == ["sent", ""]
    assert len(catcher.maildir.messages()) == 1
    assert state_of(message) == ("sent", "")
    assert message.sent_at is not None


def test_files_go_along(catcher: MailCatcher) -> None:
    ticket = make_ticket()
    file = Attachment("plan ü.pdf", "application/pdf", b"%PDF-1.7")
    message = reply_to_ticket(actor=None, ticket=ticket, text="See the plan.", attachments=[file])
    assert deliver(message.pk) == "sent"
    raw = catcher.maildir.messages()[0].read_bytes()
    assert b"application/pdf" in raw
    assert b"JVBERi0xLjc=" in raw


def test_server_that_is_away_is_tried_again_then_given_up(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = answered()
    assert deliver(message.pk) == "pending"
    assert state_of(message) == ("pending", "The mail server did not answer (ConnectionRefusedError).")
    assert due_messages() == []
    for _attempt in range(MAX_ATTEMPTS - 1):
        Message.objects.update(not_before=timezone.now())
        deliver(message.pk)
    assert state_of(message)[0] == Delivery.FAILED
    drain()
    note = Notification.objects.get(user=message.author)
    assert note.text == f"Your answer did not arrive, #{message.ticket_id}: {message.ticket.subject}"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b.org": (550, b"no such user")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"a@b.org": (451, b"greylisted")}), "pending"),
        (smtplib.SMTPDataError(554, b"spam"), "failed"),
        (smtplib.SMTPDataError(452, b"full"), "pending"),
        (smtplib.SMTPServerDisconnected("gone"), "unknown"),
        (TimeoutError("slow"), "unknown"),
    ],
)
def test_outcome_follows_what_the_server_said(
    monkeypatch: pytest.MonkeyPatch, error: Exception, state: str
) -> None:
    monkeypatch.setattr("service.services.sending.get_connection", lambda: BrokenServer(error))
    message = answered()
    assert deliver(message.pk) == state
    assert state_of(message)[0] == state


def test_sender_that_died_leaves_unknown_which_only_a_person_resends(catcher: MailCatcher) -> None:
    message = answered()
    long_ago = timezone.now() - timedelta(minutes=6)
    Message.objects.filter(pk=message.pk).update(delivery=Delivery.SENDING, claimed_at=long_ago)
    assert give_up_on_lost(actor=None) == 1
    assert state_of(message)[0] == Delivery.UNKNOWN
    assert due_messages() == []
    resend_message(actor=message.author, message=message)
    assert deliver(message.pk) == "sent"
    with pytest.raises(ValidationError, match="not waiting"):
        resend_message(actor=message.author, message=message)


def test_leaving_the_marketing_lists_blocks_no_answer(mailoutbox: list[Any]) -> None:
    Suppression.objects.create(address="ann@example.org", reach="marketing", cause="unsubscribed")
    assert deliver(answered(requester_address="ann@example.org").pk) == "sent"
    assert mailoutbox[0].to == ["ann@example.org"]


def test_address_suppressed_for_everything_is_not_written_to(mailoutbox: list[Any]) -> None:
    Suppression.objects.create(address="ann@example.org", reach="all", cause="bounced")
    message = answered(requester_address="ann@example.org")
    assert deliver(message.pk) == "failed"
    assert state_of(message)[1] == "Nothing is sent to this address: Bounced."
    assert mailoutbox == []


def test_header_can_not_grow_by_line_breaks(mailoutbox: list[Any]) -> None:
    ticket = make_ticket(subject="Hi\r\nBcc: eve@evil.example")
    message = reply_to_ticket(actor=None, ticket=ticket, text="x")
    assert deliver(message.pk) == "sent"
    sent = mailoutbox[0].message()
    assert sent["Bcc"] is None
    assert "Bcc: eve@evil.example" in sent["Subject"]


def test_confirmations_to_one_address_are_capped() -> None:
    tickets = [make_ticket(requester_address="victim@example.org") for _number in range(5)]
    sent = [confirm_ticket(actor=None, ticket=ticket) is not None for ticket in tickets]
    assert sent == [True, True, True, False, False]
