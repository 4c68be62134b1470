"""What is said on a ticket: by the customer, to the customer, among ourselves."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Contact
from core.enums import Action
from core.events import publish
from core.mail.addresses import is_sendable, normalise_email
from core.mail.message import Attachment
from core.mail.threading import subject_tag
from core.mail.transport import new_message_id
from core.services.base import StaleRecord, save_changes, service
from core.ui.mentions import notify_mentioned
from sales.services.locking import locked
from service.enums import Delivery, Direction, TicketStatus
from service.events import CustomerAnswered
from service.models import Message, Ticket
from service.rules import DONE_STATUSES
from service.services import deadlines
from service.services.attachments import keep_attachments
from service.services.content import MessageContent
from service.services.happenings import tell_of_message
from service.services.tickets import change_status

MAX_TEXT = 100_000
MAX_COPIES = 20
MAX_REFERENCES = 20


@service
def add_customer_message(
    *,
    actor: Any,
    ticket: Ticket,
    content: MessageContent,
    contact: Contact | None = None,
    opens: bool = False,
) -> Message:
    """Write down what the customer said. A person's answer reopens a solved or closed ticket and ends the
    waiting; an automatic one changes nothing. `opens`: this is the message the ticket was opened with."""
    current = locked(actor, ticket)
    moment = content.at or timezone.now()
    message = Message.objects.create(
        ticket=current,
        direction=Direction.IN,
        author=actor,
        contact=contact or (current.contact if content.is_participant else None),
        **_fields_of(content, moment),
    )
    keep_attachments(actor=actor, message=message, attachments=content.attachments)
    changes = {"last_message_at": max(current.last_message_at, moment)}
    if not content.is_automatic:
        changes["last_customer_message_at"] = moment
    save_changes(current, changes)
    if opens:
        return message
    tell_of_message(actor, current, message, "ticket.message")
    if not content.is_automatic and current.status in (*DONE_STATUSES, TicketStatus.WAITING):
        change_status(actor=actor, ticket=current, status=TicketStatus.OPEN)
    publish(CustomerAnswered(ticket_id=current.pk, message_id=message.pk))
    return message


@service
def reply_to_ticket(
    *,
    actor: Any,
    ticket: Ticket,
    text: str,
    cc: Iterable[str] = (),
    attachments: Iterable[Attachment] = (),
    status: str = TicketStatus.WAITING,
    expected_version: int | None = None,
    seen: int | None = None,
) -> Message:
    """Answer the requester by mail: the message is stored with its Message-ID and sent after the commit, and
    whether it arrived at the server shows on it. The first answer stops the first clock; whoever answers an
    unowned ticket owns it. `seen` is the last message that the writer has read: somebody else's words since
    then refuse the answer, so that nobody is answered twice. Raises ValidationError by field, StaleRecord,
    NotAllowed.
    """
    current = locked(actor, ticket)
    if seen is not None and current.messages.filter(pk__gt=seen, is_automatic=False).exists():
        raise StaleRecord(current)
    body = _checked_text(text)
    copies = _checked_copies(cc)
    if not is_sendable(current.requester_address):
        raise ValidationError({"to": _("This ticket has no e-mail address to answer to; add one first.")})
    now = timezone.now()
    earlier = list(current.messages.exclude(direction=Direction.NOTE).order_by("-at", "-pk")[:MAX_REFERENCES])
    message = Message.objects.create(
        ticket=current,
        direction=Direction.OUT,
        author=actor,
        from_name=_from_name(actor, current),
        from_address=current.queue.address,
        to_addresses=current.requester_address,
        cc_addresses=", ".join(copies),
        subject=reply_subject(current),
        text=_with_signature(body, current.queue.signature),
        quoted_text=_quote(earlier),
        message_id=new_message_id(current.queue.address.rpartition("@")[2]),
        in_reply_to=_answered_id(earlier),
        references=" ".join(one.message_id for one in reversed(earlier) if one.message_id),
        at=now,
        delivery=Delivery.PENDING,
    )
    keep_attachments(actor=actor, message=message, attachments=attachments)
    _after_answer(actor, current, now, expected_version)
    tell_of_message(actor, current, message, "ticket.reply")
    if status != current.status:
        change_status(actor=actor, ticket=current, status=status, at=now)
    _send_after_commit(message)
    return message


@service
def add_note(*, actor: Any, ticket: Ticket, text: str, url: str = "") -> Message:
    """Write an internal note; who is mentioned (`@[Name](7)`) and may see the ticket is told. Raises
    ValidationError, NotAllowed."""
    current = locked(actor, ticket)
    message = Message.objects.create(
        ticket=current, direction=Direction.NOTE, author=actor, text=_checked_text(text)
    )
    notify_mentioned(
        actor=actor,
        text=message.text,
        message=lambda: (
            _("%(name)s mentioned you on #%(number)d %(subject)s")
            % {"name": actor or "", "number": current.pk, "subject": current.subject}
        ),
        record=current,
        url=url,
        key=f"ticket-note:{message.pk}",
    )
    return message


@service
def resend_message(*, actor: Any, message: Message) -> Message:
    """Send an answer again that failed, came back or may not have gone out. Raises ValidationError,
    NotAllowed."""
    locked(actor, message.ticket, Action.CHANGE)
    again = (Delivery.FAILED, Delivery.UNKNOWN, Delivery.BOUNCED)
    updated = Message.objects.filter(pk=message.pk, delivery__in=again).update(
        delivery=Delivery.PENDING, delivery_error="", attempts=0, not_before=timezone.now(), claimed_at=None
    )
    if not updated:
        raise ValidationError(_("This message is not waiting for you: it was sent, or is being sent."))
    _send_after_commit(message)
    message.refresh_from_db()
    return message


def reply_subject(ticket: Ticket) -> str:
    """`Re: Printer on fire [#42]`: the number finds the ticket again where a mail program drops the rest."""
    subject = ticket.subject
    if subject[:3].lower() != "re:":
        subject = f"Re: {subject}"
    return f"{subject} {subject_tag(ticket.pk)}"


def _fields_of(content: MessageContent, moment: Any) -> dict[str, Any]:
    return {
        "text": content.text,
        "quoted_text": content.quoted_text,
        "html": content.html,
        "subject": content.subject[:500],
        "from_name": content.from_name[:200],
        "from_address": content.from_address[:320],
        "to_addresses": content.to_addresses[:4000],
        "cc_addresses": content.cc_addresses[:4000],
        "message_id": content.message_id[:998],
        "in_reply_to": content.in_reply_to[:998],
        "references": content.references[:20_000],
        "is_automatic": content.is_automatic,
        "is_participant": content.is_participant,
        "dedupe_key": content.dedupe_key,
        "raw": content.raw,
        "at": moment,
    }


def _after_answer(actor: Any, ticket: Ticket, now: Any, expected_version: int | None) -> None:
    changes: dict[str, Any] = {"last_message_at": now}
    if ticket.first_responded_at is None:
        changes["first_responded_at"] = now
    if ticket.owner_id is None and actor is not None:
        changes["owner"] = actor
    changes["next_due_at"] = deadlines.next_due(ticket, changes)
    save_changes(ticket, changes, expected_version=expected_version)


def _checked_text(text: str) -> str:
    body = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not body:
        raise ValidationError({"text": _("Write something first.")})
    if len(body) > MAX_TEXT:
        raise ValidationError({"text": _("Shorten the text to %(limit)d characters.") % {"limit": MAX_TEXT}})
    return body


def _checked_copies(addresses: Iterable[str]) -> list[str]:
    found = []
    for raw in addresses:
        address = normalise_email(raw)
        if address is None or not is_sendable(address):
            text = _("“%(address)s” is not an e-mail address.")
            raise ValidationError({"cc": text % {"address": raw[:100]}})
        found.append(address)
    if len(found) > MAX_COPIES:
        raise ValidationError({"cc": _("Send at most %(limit)d copies.") % {"limit": MAX_COPIES}})
    return list(dict.fromkeys(found))


def _from_name(actor: Any, ticket: Ticket) -> str:
    return f"{actor} ({ticket.queue})"[:200] if actor is not None else str(ticket.queue)


def _with_signature(body: str, signature: str) -> str:
    return f"{body}\n\n-- \n{signature.strip()}" if signature.strip() else body


def _answered_id(earlier: list[Message]) -> str:
    """The id of the newest message of the customer, else of ours, that has one."""
    from_customer = [one.message_id for one in earlier if one.direction == Direction.IN and one.message_id]
    ours = [one.message_id for one in earlier if one.message_id]
    return next(iter(from_customer or ours), "")


def _quote(earlier: list[Message]) -> str:
    """The customer's last message as mail programs quote it."""
    last = next((one for one in earlier if one.direction == Direction.IN and one.text.strip()), None)
    if last is None:
        return ""
    day = timezone.localtime(last.at).strftime("%Y-%m-%d %H:%M")
    who = last.from_name or last.from_address or str(last.ticket.requester_name)
    lines = "\n".join(f"> {line}".rstrip() for line in last.text.strip()[:10_000].splitlines())
    return f"\n\nOn {day}, {who} wrote:\n{lines}\n"


def _send_after_commit(message: Message) -> None:
    from service.services.sending import wake_sender

    transaction.on_commit(lambda: wake_sender(message.pk))
