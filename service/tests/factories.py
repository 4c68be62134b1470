"""Builders of tickets and of mails as they arrive."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from django.utils import timezone

from service.enums import Channel
from service.models import Queue, SlaPolicy, SurveyAnswer, SurveyRequest, Ticket
from service.services.content import MessageContent
from service.services.conversation import add_customer_message
from service.services.defaults import ensure_service_defaults
from service.services.receiving import Received, receive_mail
from service.services.surveys import answer_survey
from service.services.tickets import open_ticket

_numbers = iter(range(1, 10**9))


def make_queue(**fields: Any) -> Queue:
    """A queue whose clock runs around the clock: an hour to the first answer, four to the solution."""
    number = next(_numbers)
    policy = fields.pop("policy", None) or make_policy()
    fields.setdefault("name", f"Queue {number}")
    fields.setdefault("mailbox", f"queue-{number}")
    fields.setdefault("address", f"queue-{number}@acme.test")
    return Queue.objects.create(policy=policy, **fields)


def make_policy(first: int = 60, resolution: int = 240, **fields: Any) -> SlaPolicy:
    fields.setdefault("name", f"Policy {next(_numbers)}")
    fields.setdefault("week", {})
    priorities = ("low", "normal", "high", "urgent")
    return SlaPolicy.objects.create(
        first_response_minutes=dict.fromkeys(priorities, first),
        resolution_minutes=dict.fromkeys(priorities, resolution),
        **fields,
    )


def make_ticket(text: str = "It is on fire.", **fields: Any) -> Ticket:
    """A ticket with the customer's first message."""
    number = next(_numbers)
    fields.setdefault("subject", f"Ticket {number}")
    fields.setdefault("requester_address", f"customer{number}@example.org")
    fields.setdefault("requester_name", f"Customer {number}")
    fields.setdefault("channel", Channel.FORM)
    fields.setdefault("queue", None)
    fields["queue"] = fields["queue"] or ensure_service_defaults(actor=None)
    ticket = open_ticket(actor=None, **fields)
    content = MessageContent(
        text=text, from_address=ticket.requester_address, from_name=ticket.requester_name, at=ticket.opened_at
    )
    add_customer_message(actor=None, ticket=ticket, content=content, opens=True)
    ticket.refresh_from_db()
    return ticket


def make_survey_answer(ticket: Ticket, score: int = 5, words: str = "") -> SurveyAnswer:
    """What the ticket's customer said a moment after having been asked."""
    now = timezone.now()
    request = SurveyRequest.objects.create(
        ticket=ticket, state="asked", due_at=now, asked_at=now, expires_at=now + timedelta(days=30)
    )
    return answer_survey(actor=None, request=request, score=score, words=words)


def make_mail(
    text: str = "The printer is on fire.", *, sender: str = "Ann Lee <ann@example.org>", **headers: str
) -> bytes:
    """A mail as bytes; header names with underscores (`In_Reply_To="<x@y>"`)."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = headers.pop("To", "support@demo.example")
    mail["Subject"] = headers.pop("Subject", "Printer")
    mail["Message-ID"] = headers.pop("Message_ID", f"<{next(_numbers)}@mail.example.org>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def receive(raw: bytes, mailbox: str = "support") -> Received:
    ensure_service_defaults(actor=None)
    return receive_mail(mailbox=mailbox, raw=raw)
