"""The automatic confirmation that a ticket was opened: at most a few a day to one address."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.mail.addresses import is_sendable
from core.mail.loops import may_answer
from core.mail.message import AutomaticKind
from core.mail.threading import subject_tag
from core.mail.transport import new_message_id
from core.services.base import service
from service.enums import Delivery, Direction
from service.models import Message, Queue, Ticket
from service.services.sending import blocked_by, wake_sender

DAILY_CAP = 3


@service
def confirm_ticket(
    *, actor: Any, ticket: Ticket, automatic: AutomaticKind = AutomaticKind.NONE
) -> Message | None:
    """Tell the requester the ticket's number. None where no machine may answer: robots, our own addresses,
    blocked ones, and addresses that got DAILY_CAP confirmations in the last 24 hours (anybody may type any
    address into a form)."""
    address = ticket.requester_address
    own = Queue.objects.values_list("address", flat=True)
    spent = confirmations_today(address)
    allowed = may_answer(automatic, sender=address, own_addresses=own, answers_today=spent, cap=DAILY_CAP)
    if not allowed or not is_sendable(address) or blocked_by(address):
        return None
    message = Message.objects.create(
        ticket=ticket,
        direction=Direction.OUT,
        from_name=str(ticket.queue),
        from_address=ticket.queue.address,
        to_addresses=address,
        subject=_("We have your request %(tag)s") % {"tag": subject_tag(ticket.pk)},
        text=_confirmation_text(ticket),
        message_id=new_message_id(ticket.queue.address.rpartition("@")[2]),
        in_reply_to=ticket.messages.exclude(message_id="").values_list("message_id", flat=True).first() or "",
        is_automatic=True,
        delivery=Delivery.PENDING,
    )
    transaction.on_commit(lambda: wake_sender(message.pk))
    return message


def confirmations_today(address: str) -> int:
    """How many automatic messages an address was sent, or is about to be, in the last 24 hours."""
    since = timezone.now() - timedelta(hours=24)
    return Message.objects.filter(
        direction=Direction.OUT, is_automatic=True, to_addresses=address, at__gt=since
    ).count()


def _confirmation_text(ticket: Ticket) -> str:
    """Nothing of what was typed into the form stands in it: it can't be used to carry a stranger's words."""
    url = settings.PUBLIC_URL.rstrip("/") + reverse("help:status", args=[ticket.token])
    return _(
        "Thank you for writing to us. Your request has the number %(number)s.\n\n"
        "We answer by e-mail; reply to this message if you want to add something.\n"
        "How it stands: %(url)s\n\n"
        "If you did not write to us, you need not do anything.\n"
    ) % {"number": subject_tag(ticket.pk), "url": url}
