"""Receiving a mail: kept first, then read. Whatever happens while reading, the mail is there.

A spoofed From gives no rights: what a mail may do is open a ticket or be added to one, as anybody may.
"""

import hashlib
import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import Action
from core.events import publish
from core.mail.addresses import normalise_email, without_tag
from core.mail.message import AutomaticKind, ParsedMail
from core.mail.parser import parse
from core.mail.threading import find_thread
from core.services.base import require, service
from service.enums import Channel, RawMailState
from service.events import MailReturned
from service.models import Message, Queue, RawMail, Ticket
from service.selectors.threads import ticket_of_message_ids, writes_on
from service.services.bounced import note_bounce
from service.services.confirming import confirm_ticket
from service.services.content import MessageContent
from service.services.conversation import add_customer_message
from service.services.defaults import ensure_service_defaults
from service.services.requesters import Requester, find_or_create_requester
from service.services.sending import reply_key
from service.services.tickets import open_ticket

logger = logging.getLogger("crm.service")
MAX_BYTES = 50 * 2**20
HOURLY_CAP = 60
"""Mails of one sender in an hour; what comes beyond is held back for a person to look at."""
_BLANK = re.compile(rb"\r?\n\r?\n|\r\r")


@dataclass(frozen=True)
class Received:
    """What became of a mail: `created` says that it opened a ticket."""

    raw_id: int
    state: str
    ticket_id: int | None = None
    message_id: int | None = None
    created: bool = False


class Unreadable(Exception):
    """The mail can't become a ticket; the text says why."""


def receive_mail(*, mailbox: str, raw: bytes) -> Received:
    """Keep a mail and make of it what it is: a new ticket, an answer on one, a delivery report, nothing.

    Committed before it is read; a mail that can't be read stays in the list of unreadable mail. Receiving
    the same mail again changes nothing.
    """
    return read_mail(keep_mail(actor=None, mailbox=mailbox, raw=raw))


@service
def keep_mail(*, actor: Any, mailbox: str, raw: bytes) -> RawMail:
    """Store the bytes as they came."""
    digest = hashlib.sha256(raw).hexdigest()
    mail = RawMail(mailbox=mailbox[:254], sha256=digest, size=len(raw))
    mail.content.save(f"{digest[:24]}.eml", ContentFile(raw), save=False)
    mail.save()
    return mail


def read_mail(mail: RawMail) -> Received:
    """Read a kept mail. Never raises for what is in the mail; the state of `mail` says what came of it."""
    try:
        with transaction.atomic():
            return _process(actor=None, mail=mail)
    except Unreadable as error:
        reason = str(error)
    except IntegrityError as error:
        if "service_message_once" in str(error):  # the same mail was read by another worker at this moment
            return read_mail(mail)
        reason = _fault(mail, error)
    except Exception as error:  # noqa: BLE001 - a mail may be anything, and no mail may be lost for it
        reason = _fault(mail, error)
    _mark(mail, RawMailState.UNREADABLE, reason)
    return Received(mail.pk, RawMailState.UNREADABLE)


@service
def read_again(*, actor: Any, mail: RawMail) -> Received:
    """Try once more to read a mail that was unreadable or held back. Raises NotAllowed."""
    require(actor, "raw_mail", Action.CHANGE)
    return read_mail(mail)


@service
def dismiss_mail(*, actor: Any, mail: RawMail) -> None:
    """Put a mail away that is no ticket; it is kept all the same. Raises NotAllowed."""
    require(actor, "raw_mail", Action.CHANGE)
    _mark(mail, RawMailState.DISMISSED, mail.error)


@service
def _process(*, actor: Any, mail: RawMail) -> Received:
    if mail.size > MAX_BYTES:
        raise Unreadable(_("The mail is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 2**20})
    with mail.content.open("rb") as file:
        raw = file.read()
    parsed = parse(raw)
    named = parsed.sender.address if parsed.sender else ""
    mail.sender = (normalise_email(named) or named)[:320]
    mail.subject = parsed.subject[:500]
    key = dedupe_key(parsed, raw)
    if (known := Message.objects.filter(dedupe_key=key).first()) is not None:
        _mark(mail, RawMailState.DUPLICATE)
        return Received(mail.pk, RawMailState.DUPLICATE, known.ticket_id, known.pk)
    if set_aside := _set_aside(mail, parsed):
        return set_aside
    sender = normalise_email(parsed.sender.address) if parsed.sender else None
    if sender is None:
        raise Unreadable(_("The mail names no sender that could be answered."))
    ticket = _thread(parsed)
    content = _content(parsed, mail, sender, key, ticket)
    if ticket is not None:
        return _append(actor, mail, ticket, content)
    if parsed.automatic is AutomaticKind.AUTO_REPLY:
        _mark(mail, RawMailState.IGNORED, _("An automatic reply to nothing of ours."))
        return Received(mail.pk, RawMailState.IGNORED)
    return _open(actor, mail, parsed, content)


def dedupe_key(parsed: ParsedMail, raw: bytes) -> str:
    """Message-ID and body make a mail the same however often it is delivered (ids alone are reused, and one
    in eight mails has none: then sender, date and subject stand in)."""
    found = _BLANK.search(raw)
    body = raw[found.end() :] if found else raw
    named = parsed.message_id or f"{parsed.sender}|{parsed.date}|{parsed.subject}"
    normal = body.replace(b"\r\n", b"\n").rstrip()
    return hashlib.sha256(named.encode("utf-8", "replace") + b"\0" + normal).hexdigest()


def queue_for(mailbox: str) -> Queue:
    """The queue of a mailbox by its name or address; mail for a name that no queue has is not turned away
    but goes to the default queue."""
    name = mailbox.strip().lower()
    queue = Queue.objects.filter(mailbox=name).first()
    if queue is None and "@" in name:
        queue = Queue.objects.filter(address__iexact=without_tag(name)).first()
    return queue or ensure_service_defaults(actor=None)


def _set_aside(mail: RawMail, parsed: ParsedMail) -> Received | None:
    """Delivery reports, complaints, our own mail coming back, and floods: kept, but no tickets."""
    if parsed.bounce is not None or parsed.complaint is not None:
        publish(MailReturned(raw_mail_id=mail.pk))
    if parsed.automatic is AutomaticKind.BOUNCE and parsed.bounce is not None:
        message = note_bounce(actor=None, report=parsed.bounce)
        _mark(mail, RawMailState.BOUNCE, _reason_of_bounce(parsed))
        ticket_id = message.ticket_id if message else None
        return Received(mail.pk, RawMailState.BOUNCE, ticket_id, message.pk if message else None)
    if parsed.automatic is AutomaticKind.COMPLAINT:
        _mark(mail, RawMailState.IGNORED, _("A complaint about mail, as providers report it."))
        return Received(mail.pk, RawMailState.IGNORED)
    sender = normalise_email(parsed.sender.address) if parsed.sender else ""
    if sender and Queue.objects.filter(address__iexact=without_tag(sender)).exists():
        _mark(mail, RawMailState.IGNORED, _("It comes from one of our own addresses: a loop."))
        return Received(mail.pk, RawMailState.IGNORED)
    since = timezone.now() - timedelta(hours=1)
    if sender and Message.objects.filter(from_address=sender, created_at__gt=since).count() >= HOURLY_CAP:
        _mark(mail, RawMailState.HELD, _("More than %(n)d mails in an hour.") % {"n": HOURLY_CAP})
        return Received(mail.pk, RawMailState.HELD)
    return None


def _thread(parsed: ParsedMail) -> Ticket | None:
    match = find_thread(parsed, key=reply_key(), by_message_ids=ticket_of_message_ids, takes_part=writes_on)
    return Ticket.objects.filter(pk=match.thread_id).first() if match else None


def _content(
    parsed: ParsedMail, mail: RawMail, sender: str, key: str, ticket: Ticket | None
) -> MessageContent:
    return MessageContent(
        text=parsed.new_text.strip() or parsed.text.strip(),
        quoted_text=parsed.quoted_text if parsed.new_text.strip() else "",
        html=parsed.html,
        subject=parsed.subject,
        from_name=parsed.sender.name if parsed.sender else "",
        from_address=sender,
        to_addresses=", ".join(box.address for box in parsed.to),
        cc_addresses=", ".join(box.address for box in parsed.cc),
        message_id=parsed.message_id,
        in_reply_to=next(iter(parsed.in_reply_to), ""),
        references=" ".join(parsed.references),
        is_automatic=parsed.automatic is not AutomaticKind.NONE,
        is_participant=ticket is None or writes_on(ticket.pk, sender),
        dedupe_key=key,
        raw=mail,
        attachments=parsed.attachments,
    )


def _append(actor: Any, mail: RawMail, ticket: Ticket, content: MessageContent) -> Received:
    message = add_customer_message(actor=actor, ticket=ticket, content=content)
    _mark(mail, RawMailState.APPENDED)
    return Received(mail.pk, RawMailState.APPENDED, ticket.pk, message.pk)


def _open(actor: Any, mail: RawMail, parsed: ParsedMail, content: MessageContent) -> Received:
    queue = queue_for(mail.mailbox)
    person = Requester(name=content.from_name, address=content.from_address)
    contact = (
        None
        if content.is_automatic  # a robot is nobody to keep in touch with
        else find_or_create_requester(
            actor=actor, requester=person, team=queue.team, source=f"mail:{queue.mailbox}"
        )
    )
    ticket = open_ticket(
        actor=actor,
        subject=content.subject or _("(no subject)"),
        queue=queue,
        contact=contact,
        channel=Channel.MAIL,
        requester_name=content.from_name[:200] or (contact.name[:200] if contact else ""),
        requester_address=content.from_address,
    )
    message = add_customer_message(actor=actor, ticket=ticket, content=content, contact=contact, opens=True)
    if queue.confirm_mail:
        confirm_ticket(actor=actor, ticket=ticket, automatic=parsed.automatic)
    _mark(mail, RawMailState.OPENED)
    return Received(mail.pk, RawMailState.OPENED, ticket.pk, message.pk, created=True)


def _reason_of_bounce(parsed: ParsedMail) -> str:
    report = parsed.bounce
    lines = [f"{one.address}: {one.cause} {one.status}" for one in report.recipients] if report else []
    return "\n".join(lines)


def _mark(mail: RawMail, state: RawMailState, error: str = "") -> None:
    mail.state, mail.error = state, error
    mail.save(update_fields=["state", "error", "sender", "subject", "updated_at"])


def _fault(mail: RawMail, error: Exception) -> str:
    logger.exception("a mail could not be read", extra={"raw_mail": mail.pk})
    return _("Reading it failed (%(error)s). It is kept; read it again or open a ticket by hand.") % {
        "error": type(error).__name__
    }
