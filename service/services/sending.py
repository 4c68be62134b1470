"""Sending stored messages: claimed by a conditional update, sent once, the outcome visible on the message.

`pending` → `sending` → `sent`, `failed` or `unknown`. What the server refused for now waits and is tried
again; a connection that broke after the mail was handed over leaves `unknown`, which only a person resends.
"""

import hashlib
import logging
import smtplib
from datetime import timedelta
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from contacts.enums import Refusal, Sending, SuppressionScope
from contacts.models import Suppression
from contacts.selectors.gate import refusal_for
from core.events import publish
from core.mail.message import Attachment
from core.mail.threading import reply_address
from core.mail.transport import send_mail
from core.models import File
from core.services.base import service
from service.enums import Delivery
from service.events import MessageUndelivered
from service.models import Message
from service.selectors.surveys import refused_by
from service.services.attachments import ATTACHED_TYPE

logger = logging.getLogger("crm.service")
MAX_ATTEMPTS = 6
LEASE = timedelta(minutes=5)
TRANSIENT = (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPServerDisconnected, OSError)


def reply_key() -> bytes:
    """The key that signs reply addresses, made from the installation's secret."""
    return hashlib.sha256(f"service.reply-address:{settings.SECRET_KEY}".encode()).digest()


def wake_sender(message_id: int) -> None:
    """A hint only: should the broker be away, the sweep finds the message."""
    from service.tasks import send_message

    try:
        send_message.apply_async((message_id,), retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("broker away, the mail waits for the sweep", extra={"error": type(error).__name__})


def deliver(message_id: int) -> str:
    """Send a pending message; returns its state afterwards, or an empty string if it was not to be had."""
    message = _claim(message_id)
    if message is None:
        return ""
    if cause := blocked_by(message.to_addresses) or _survey_refusal(message):
        return _settle(message, Delivery.FAILED, _("Nothing is sent to this address: %s.") % cause)
    connection = get_connection()
    try:
        connection.open()
    except TRANSIENT as error:
        return _try_later(message, error)
    except smtplib.SMTPException as error:
        return _settle(message, Delivery.FAILED, _words(error))
    try:
        _send(message, connection)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        return (
            _try_later(message, error)
            if max(codes) < 500
            else _settle(message, Delivery.FAILED, _words(error))
        )
    except smtplib.SMTPResponseException as error:
        return (
            _try_later(message, error)
            if 400 <= error.smtp_code < 500
            else _settle(message, Delivery.FAILED, _words(error))
        )
    except (smtplib.SMTPException, OSError) as error:
        return _settle(message, Delivery.UNKNOWN, _words(error))
    finally:
        _close(connection)
    return _settle(message, Delivery.SENT)


def blocked_by(address: str) -> str:
    """Why nothing at all may be sent to an address, in words, or an empty string. Having left the marketing
    lists is no reason not to get an answer."""
    if refusal_for(address=address, sending=Sending.SERVICE) is None:
        return ""
    found = Suppression.objects.filter(address=address, reach=SuppressionScope.ALL).first()
    return str(found.get_cause_display()) if found is not None else str(Refusal.SUPPRESSED.label)


def _survey_refusal(message: Message) -> str:
    """A survey is held back by more than an answer is: asked again right before it goes out."""
    if not message.is_automatic or not message.survey_requests.exists():
        return ""
    refusal = refused_by(message.ticket)
    return str(refusal.label) if refusal is not None else ""


def due_messages(limit: int = 200) -> list[int]:
    """Messages that wait and are due."""
    due = Message.objects.filter(delivery=Delivery.PENDING, not_before__lte=timezone.now())
    return list(due.order_by("not_before", "pk").values_list("pk", flat=True)[:limit])


@service
def give_up_on_lost(*, actor: Any) -> int:
    """Messages whose sender died in the middle may have gone out: they become `unknown`. Returns how many."""
    lost = Message.objects.filter(delivery=Delivery.SENDING, claimed_at__lt=timezone.now() - LEASE)
    count = 0
    for message in lost.select_for_update(skip_locked=True):
        message.delivery, message.delivery_error = Delivery.UNKNOWN, _("The sender stopped in the middle.")
        message.save(update_fields=["delivery", "delivery_error", "updated_at"])
        publish(MessageUndelivered(message_id=message.pk))
        count += 1
    return count


def _claim(message_id: int) -> Message | None:
    now = timezone.now()
    taken = Message.objects.filter(pk=message_id, delivery=Delivery.PENDING, not_before__lte=now).update(
        delivery=Delivery.SENDING, claimed_at=now, attempts=F("attempts") + 1
    )
    if not taken:
        return None
    return Message.objects.select_related("ticket__queue", "ticket__contact").get(pk=message_id)


def _send(message: Message, connection: Any) -> None:
    queue = message.ticket.queue
    send_mail(
        subject=message.subject,
        text=message.text + message.quoted_text,
        to=[message.to_addresses],
        cc=[one for one in message.cc_addresses.split(", ") if one and not blocked_by(one)],
        from_email=formataddr((message.from_name, queue.address)),
        message_id=message.message_id,
        reply_to=[reply_address(queue.address, message.ticket_id, reply_key())],
        in_reply_to=message.in_reply_to,
        references=message.references.split(),
        attachments=_attachments(message),
        automatic=message.is_automatic,
        connection=connection,
    )


def _attachments(message: Message) -> list[Attachment]:
    files = File.objects.filter(attached_type=ATTACHED_TYPE, attached_id=message.pk).order_by("pk")
    found = []
    for file in files:
        with file.content.open("rb") as content:
            found.append(Attachment(file.name, file.media_type, content.read()))
    return found


def _try_later(message: Message, error: Exception) -> str:
    if message.attempts >= MAX_ATTEMPTS:
        return _settle(message, Delivery.FAILED, _words(error))
    Message.objects.filter(pk=message.pk, delivery=Delivery.SENDING).update(
        delivery=Delivery.PENDING,
        delivery_error=_words(error),
        not_before=timezone.now() + timedelta(seconds=15 * 4 ** (message.attempts - 1)),
    )
    return Delivery.PENDING


@transaction.atomic
def _settle(message: Message, state: Delivery, error: str = "") -> str:
    sent_at = timezone.now() if state == Delivery.SENT else None
    Message.objects.filter(pk=message.pk, delivery=Delivery.SENDING).update(
        delivery=state, delivery_error=error[:500], sent_at=sent_at
    )
    if state != Delivery.SENT:
        publish(MessageUndelivered(message_id=message.pk))
    return state


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        parts = [f"{code} {_decoded(text)}" for code, text in error.recipients.values()]
        return "; ".join(parts)[:500]
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"[:500]
    return _("The mail server did not answer (%s).") % type(error).__name__


def _decoded(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        pass  # the outcome is known by now; a server that hangs up early changes nothing
