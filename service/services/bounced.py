"""Answers that came back."""

from typing import Any

from django.utils import timezone

from contacts.enums import PointKind
from contacts.models import ContactPoint
from core.events import publish
from core.mail.addresses import normalise_email
from core.mail.message import BounceReport
from core.services.base import service
from service.enums import Delivery, Direction
from service.events import MessageUndelivered
from service.models import Message


@service
def note_bounce(*, actor: Any, report: BounceReport) -> Message | None:
    """Mark the answer that a delivery report is about, found by its Message-ID and never by guessing, and
    returns it. An address counts as dead only when that answer went to it and the report proves it: anybody
    can write a mail that looks like a bounce."""
    if not report.original_message_id:
        return None
    message = (
        Message.objects.select_for_update()
        .filter(message_id=report.original_message_id, direction=Direction.OUT)
        .first()
    )
    if message is None:
        return None
    sent_to = {message.to_addresses, *message.cc_addresses.split(", ")}
    lost = [one for one in report.recipients if normalise_email(one.address) in sent_to]
    if not any(one.permanent for one in lost):
        return message
    message.delivery = Delivery.BOUNCED
    message.delivery_error = "; ".join(f"{one.status} {one.diagnostic}".strip() for one in lost)[:500]
    message.save(update_fields=["delivery", "delivery_error", "updated_at"])
    dead = [normalise_email(one.address) for one in lost if one.proves_dead]
    points = ContactPoint.objects.filter(kind=PointKind.EMAIL, normalised__in=dead, bounced_at__isnull=True)
    points.update(bounced_at=timezone.now())
    publish(MessageUndelivered(message_id=message.pk))
    return message
