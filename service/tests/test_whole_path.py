"""From the help page to the answer, the customer's mail, and the ticket open again; over real SMTP."""

import email
import json
import re
from email.policy import default
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from contacts.models import TimelineEntry
from core.tests.factories import make_user
from local.mail_catcher import MailCatcher
from service.models import Message, RawMail, Ticket
from service.services.defaults import ensure_service_defaults
from service.services.sending import deliver, due_messages
from service.tests.factories import make_mail

pytestmark = pytest.mark.django_db


def caught(catcher: MailCatcher) -> list[Any]:
    found = catcher.maildir.messages()
    return [email.message_from_bytes(path.read_bytes(), policy=default) for path in found]


def send_waiting() -> list[str]:
    return [deliver(pk) for pk in due_messages()]


def receive_by_command(monkeypatch: pytest.MonkeyPatch, raw: bytes, mailbox: str = "support") -> dict:
    out = StringIO()
    monkeypatch.setattr("sys.stdin", type("Standard", (), {"buffer": BytesIO(raw)})())
    call_command("receive_mail", mailbox=mailbox, stdout=out)
    return json.loads(out.getvalue().strip().splitlines()[-1])


def test_form_answer_by_mail_and_reopening(
    client: Client, catcher: MailCatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_service_defaults(actor=None)
    ticket = _ask_by_the_form(client)
    _see_it_confirmed(catcher, ticket)
    reply = _answer(client, catcher, ticket)
    _write_back(monkeypatch, ticket, reply)
    kinds = TimelineEntry.objects.filter(contact=ticket.contact, record_type="ticket").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "ticket.opened",
        "ticket.reply",
        "ticket.solved",
        "ticket.message",
        "ticket.reopened",
    ]


def _ask_by_the_form(client: Client) -> Ticket:
    form = {
        "name": "Zoë Lindqvist",
        "address": "Zoe@Example.org",
        "subject": "Printer",
        "text": "It burns.\nHelp!",
    }
    answer = client.post("/help/", form)
    ticket = Ticket.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/help/{ticket.token}/?sent=1")
    assert f"#{ticket.pk}" in client.get(answer["Location"]).content.decode()
    assert (ticket.channel, ticket.contact.name, ticket.status) == ("form", "Zoë Lindqvist", "new")
    return ticket


def _see_it_confirmed(catcher: MailCatcher, ticket: Ticket) -> None:
    assert send_waiting() == ["sent"]
    (confirmation,) = caught(catcher)
    assert confirmation["To"] == "zoe@example.org"
    assert confirmation["Auto-Submitted"] == "auto-generated"
    assert f"[#{ticket.pk}]" in confirmation["Subject"]
    assert "burns" not in confirmation.get_content()


def _answer(client: Client, catcher: MailCatcher, ticket: Ticket) -> Any:
    """The agent solves it on its page; returns the mail as the customer got it."""
    agent = make_user("service", name="Kim Agent")
    client.force_login(agent)
    page = client.get(f"/service/tickets/{ticket.pk}/").content.decode()
    assert "It burns.<br>Help!" in page
    say = {"kind": "reply", "text": "Pull the plug.", "status": "solved"}
    assert client.post(f"/service/tickets/{ticket.pk}/say/", say).status_code == 303
    assert send_waiting() == ["sent"]
    ticket.refresh_from_db()
    assert (ticket.status, ticket.owner) == ("solved", agent)
    assert ticket.first_responded_at is not None

    reply = caught(catcher)[-1]
    assert reply["From"] == '"Kim Agent (Support)" <support@demo.example>'
    assert reply["Auto-Submitted"] is None
    assert reply["Message-ID"] == f"<{Message.objects.get(author=agent).message_id}>"
    assert re.fullmatch(rf"support\+t{ticket.pk}-[0-9a-f]{{20}}@demo\.example", reply["Reply-To"])
    assert reply.get_content().startswith("Pull the plug.\r\n")
    assert "> It burns." in reply.get_content()
    return reply


def _write_back(monkeypatch: pytest.MonkeyPatch, ticket: Ticket, reply: Any) -> None:
    raw = make_mail(
        "It still burns.",
        sender="Zoë <zoe@example.org>",
        To=reply["Reply-To"],
        In_Reply_To=reply["Message-ID"],
        Subject=reply["Subject"],
    )
    line = receive_by_command(monkeypatch, raw)
    last = ticket.messages.order_by("pk").last()
    assert line == {
        "ticket": ticket.pk,
        "message": last.pk,
        "created": False,
        "state": "appended",
        "mail": RawMail.objects.get().pk,
    }
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopened_count) == ("open", 1)


def test_command_says_created_for_a_new_ticket(monkeypatch: pytest.MonkeyPatch) -> None:
    line = receive_by_command(monkeypatch, make_mail())
    ticket = Ticket.objects.get()
    assert (line["ticket"], line["message"], line["created"]) == (ticket.pk, ticket.messages.get().pk, True)


def test_command_keeps_what_nobody_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    line = receive_by_command(monkeypatch, b"\x00\x01")
    assert (line["ticket"], line["message"], line["created"], line["state"]) == (
        None, None, False, "unreadable",
    )  # fmt: skip
