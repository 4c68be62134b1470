"""A received mail: kept, threaded, deduplicated, and never able to do harm."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.models import Contact, ContactPoint, TimelineEntry, ValueSource
from contacts.tests.factories import make_contact
from core.mail.threading import reply_address
from core.models import File
from core.outbox.dispatcher import drain
from service.enums import Delivery, RawMailState
from service.models import Message, RawMail, Ticket
from service.services.conversation import reply_to_ticket
from service.services.sending import reply_key
from service.services.tickets import change_status
from service.tests.factories import make_mail, make_queue, make_ticket, receive

pytestmark = pytest.mark.django_db


def test_new_mail_opens_ticket_with_contact_message_and_timeline() -> None:
    raw = make_mail("Please help.\n\nOn Monday, Bob wrote:\n> old words\n")
    received = receive(raw)
    ticket, mail = Ticket.objects.get(), RawMail.objects.get()
    assert (received.ticket_id, received.created, received.state) == (ticket.pk, True, "opened")
    assert (ticket.subject, ticket.status, ticket.channel) == ("Printer", "new", "mail")
    assert (ticket.contact.name, ticket.contact.first_name, ticket.contact.last_name) == (
        "Ann Lee", "Ann", "Lee",
    )  # fmt: skip
    assert ticket.contact.points.get().normalised == "ann@example.org"
    message = ticket.messages.get()
    assert message.pk == received.message_id
    assert (message.direction, message.text, message.from_address) == (
        "in", "Please help.", "ann@example.org",
    )  # fmt: skip
    assert message.quoted_text.startswith("On Monday")
    assert mail.content.read() == raw
    assert (mail.state, mail.sender, mail.subject) == ("opened", "ann@example.org", "Printer")
    entry = TimelineEntry.objects.get(contact=ticket.contact, record_type="ticket")
    assert (entry.kind, entry.title, entry.object_id) == ("ticket.opened", "Printer", ticket.pk)


def test_same_mail_again_changes_nothing_but_is_kept() -> None:
    raw = make_mail()
    first = receive(raw)
    again = receive(b"Received: from elsewhere by here\r\n" + raw)
    assert (again.ticket_id, again.message_id, again.created, again.state) == (
        first.ticket_id, first.message_id, False, "duplicate",
    )  # fmt: skip
    assert Ticket.objects.count() == Message.objects.count() == 1
    assert RawMail.objects.count() == 2


def test_reused_message_id_with_another_body_is_another_mail() -> None:
    receive(make_mail("one", Message_ID="<same@x.org>"))
    second = receive(make_mail("two", Message_ID="<same@x.org>", Subject="Other"))
    assert (second.created, Ticket.objects.count()) == (True, 2)


def test_mails_without_message_id_are_told_apart_by_sender_and_subject() -> None:
    def bare(subject: str) -> bytes:
        return f"From: a@b.org\nTo: x@y.org\nSubject: {subject}\n\nhello\n".encode()

    assert receive(bare("one")).created
    assert receive(bare("two")).created
    assert receive(bare("one")).state == "duplicate"


def test_signed_address_threads_and_reopens() -> None:
    ticket = make_ticket(requester_address="ann@example.org")
    change_status(actor=None, ticket=ticket, status="closed")
    to = reply_address(ticket.queue.address, ticket.pk, reply_key())
    received = receive(make_mail("Still broken", To=to, Subject="no number here"))
    ticket.refresh_from_db()
    assert (received.ticket_id, received.created, received.state) == (ticket.pk, False, "appended")
    assert (ticket.status, ticket.reopened_count, ticket.solved_at) == ("open", 1, None)


def test_forged_address_does_not_thread() -> None:
    ticket = make_ticket()
    forged = f"support+t{ticket.pk}-{'0' * 20}@demo.example"
    assert receive(make_mail(To=forged)).created


def test_references_thread_to_what_we_sent_and_received() -> None:
    first = receive(make_mail(Message_ID="<theirs@x.org>"))
    ticket = Ticket.objects.get()
    reply = reply_to_ticket(actor=None, ticket=ticket, text="Try this.")
    by_ours = receive(make_mail("a", References=f"<unknown@x> <{reply.message_id}>", Subject="x"))
    by_theirs = receive(make_mail("b", In_Reply_To="<theirs@x.org>", Subject="y"))
    assert {by_ours.ticket_id, by_theirs.ticket_id} == {first.ticket_id}


def test_subject_number_threads_only_for_who_takes_part() -> None:
    ticket = make_ticket(requester_address="ann@example.org")
    subject = f"Re: it [#{ticket.pk}]"
    assert receive(make_mail(Subject=subject)).ticket_id == ticket.pk
    stranger = receive(make_mail(Subject=subject, sender="eve@evil.example"))
    assert stranger.created
    assert stranger.ticket_id != ticket.pk


def test_outsider_who_knows_a_reference_is_shown_as_such_and_answers_still_go_to_the_requester() -> None:
    receive(make_mail(Message_ID="<theirs@x.org>"))
    receive(make_mail("me too", sender="eve@evil.example", In_Reply_To="<theirs@x.org>"))
    ticket = Ticket.objects.get()
    assert ticket.messages.order_by("pk").last().is_participant is False
    assert ticket.messages.order_by("pk").last().contact is None
    assert ticket.requester_address == "ann@example.org"
    assert not ContactPoint.objects.filter(normalised="eve@evil.example").exists()


def test_known_contact_is_found_and_not_renamed() -> None:
    known = Contact.objects.create(name="Real Name", sort_name="name real")
    ContactPoint.objects.create(contact=known, kind="email", value="a@b.org", normalised="a@b.org")
    receive(make_mail(sender="Mallory <A@B.org>"))
    assert Ticket.objects.get().contact == known
    known.refresh_from_db()
    assert known.name == "Real Name"
    assert Contact.objects.count() == 1


def test_shared_address_goes_to_the_person_named() -> None:
    for name in ("Ann Lee", "Bob Roe"):
        person = Contact.objects.create(name=name, sort_name=name.lower())
        ContactPoint.objects.create(contact=person, kind="email", value="o@x.org", normalised="o@x.org")
    receive(make_mail(sender="ANN LEE <o@x.org>"))
    assert Ticket.objects.get().contact.name == "Ann Lee"


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Subject": "Out of office: back on Monday"}],
)
def test_autoreply_to_nothing_of_ours_is_kept_and_ignored(headers: dict[str, str]) -> None:
    assert receive(make_mail(**headers)).state == "ignored"
    assert (Ticket.objects.count(), RawMail.objects.get().state) == (0, "ignored")


def test_autoreply_on_a_ticket_is_added_but_reopens_nothing() -> None:
    ticket = make_ticket(requester_address="ann@example.org")
    change_status(actor=None, ticket=ticket, status="solved")
    to = reply_address(ticket.queue.address, ticket.pk, reply_key())
    assert receive(make_mail("I am away", To=to, Auto_Submitted="auto-replied")).ticket_id == ticket.pk
    ticket.refresh_from_db()
    assert (ticket.status, ticket.messages.filter(is_automatic=True).count()) == ("solved", 1)


def test_our_own_mail_coming_back_is_a_loop() -> None:
    assert receive(make_mail(sender="support@demo.example")).state == "ignored"
    assert receive(make_mail(sender="support+t1-00@demo.example")).state == "ignored"
    assert Ticket.objects.count() == 0


def test_confirmation_is_never_sent_to_robots(mailoutbox: list[Any]) -> None:
    queue = make_queue(confirm_mail=True)
    receive(make_mail("Disk full", Auto_Submitted="auto-generated"), queue.mailbox)
    receive(make_mail("List", List_Id="<l.x.org>", Subject="digest"), queue.mailbox)
    assert Ticket.objects.count() == 2
    assert Message.objects.filter(direction="out").count() == 0
    assert Contact.objects.count() == 0


def test_flood_of_one_sender_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.services.receiving.HOURLY_CAP", 2)
    states = [receive(make_mail(f"mail {n}")).state for n in range(3)]
    assert states == ["opened", "opened", "held"]
    assert RawMail.objects.filter(state=RawMailState.HELD).count() == 1


def test_unknown_mailbox_goes_to_the_default_queue() -> None:
    receive(make_mail(), "nobody-knows-this")
    assert Ticket.objects.get().queue.mailbox == "support"
    assert RawMail.objects.get().mailbox == "nobody-knows-this"


def test_mailbox_is_found_by_name_and_by_plus_address() -> None:
    queue = make_queue(mailbox="repairs", address="repairs@acme.test")
    receive(make_mail("1"), "Repairs")
    receive(make_mail("2"), "repairs+anything@acme.test")
    assert set(Ticket.objects.values_list("queue_id", flat=True)) == {queue.pk}


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe garbage", b"Subject: nobody wrote this\n\nhi"])
def test_unreadable_mail_is_kept_with_a_reason(raw: bytes) -> None:
    received = receive(raw)
    mail = RawMail.objects.get()
    assert (received.state, received.ticket_id, mail.state) == ("unreadable", None, "unreadable")
    assert mail.content.read() == raw
    assert mail.error == "The mail names no sender that could be answered."


def test_failure_while_reading_leaves_the_mail_and_nothing_half_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(**_arguments: Any) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr("service.services.receiving.add_customer_message", broken)
    assert receive(make_mail()).state == "unreadable"
    assert (Ticket.objects.count(), Contact.objects.count(), RawMail.objects.count()) == (0, 0, 1)
    assert "RuntimeError" in RawMail.objects.get().error


def test_bounce_marks_the_answer_and_opens_no_ticket() -> None:
    ticket = make_ticket(requester_address="gone@example.org")
    ContactPoint.objects.create(
        contact=Contact.objects.create(name="G", sort_name="g"),
        kind="email", value="gone@example.org", normalised="gone@example.org",
    )  # fmt: skip
    reply = reply_to_ticket(actor=None, ticket=ticket, text="Hello")
    received = receive(bounce_of(reply.message_id, "gone@example.org"))
    reply.refresh_from_db()
    assert (received.state, received.message_id) == ("bounce", reply.pk)
    assert reply.delivery == Delivery.BOUNCED
    assert ContactPoint.objects.get().bounced_at is not None
    assert Ticket.objects.count() == 1


def test_forged_bounce_for_another_address_marks_nothing() -> None:
    ticket = make_ticket(requester_address="ann@example.org")
    person = Contact.objects.create(name="V", sort_name="v")
    ContactPoint.objects.create(contact=person, kind="email", value="v@x.org", normalised="v@x.org")
    reply = reply_to_ticket(actor=None, ticket=ticket, text="Hello")
    receive(bounce_of(reply.message_id, "v@x.org"))
    reply.refresh_from_db()
    assert reply.delivery == Delivery.PENDING
    assert ContactPoint.objects.get().bounced_at is None


def bounce_of(message_id: str, address: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.org\r\nTo: support@demo.example\r\nReturn-Path: <>\r\n"
        "Subject: Undelivered\r\nMessage-ID: <b1@mx.example.org>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=BB\r\n\r\n"
        "--BB\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
        "--BB\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n"
        f"--BB\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{message_id}>\r\nSubject: x\r\n\r\nHello\r\n"
        "--BB--\r\n"
    ).encode()


def test_hostile_attachment_names_are_kept_without_paths() -> None:
    raw = (
        b"From: ann@example.org\nTo: support@demo.example\nSubject: s\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nhi\n"
        b'--B\nContent-Type: text/html; name="../../etc/x.html"\n'
        b'Content-Disposition: attachment; filename="../../etc/x.html"\n\n<script>alert(1)</script>\n--B--\n'
    )
    received = receive(raw)
    file = File.objects.get(attached_type="ticket_message", attached_id=received.message_id)
    assert file.name == "x.html"
    assert "/etc/" not in file.content.name
    assert file.content.read() == b"<script>alert(1)</script>"


@given(st.binary(max_size=2000))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_kept_and_never_raise(raw: bytes) -> None:
    before = RawMail.objects.count()
    received = receive(b"From: ann@example.org\n" + raw)
    assert RawMail.objects.count() == before + 1
    assert RawMail.objects.get(pk=received.raw_id).state == received.state != RawMailState.KEPT


def test_a_signature_is_suggested_for_the_sender() -> None:
    contact = make_contact("Ann", "Lee", email="ann@example.org", country="GB")
    receive(make_mail("Please help.\n\nBest regards\nAnn Lee\nHead of Sales\n020 7946 0018"))
    drain()
    found = dict(ValueSource.objects.filter(contact=contact).values_list("field", "value"))
    assert found == {"job_title": "Head of Sales", "phone": "+442079460018"}
