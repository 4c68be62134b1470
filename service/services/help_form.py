"""Tickets from the public help page, where anybody may type anything."""

from typing import Any

from contacts.models import Contact
from core.services.base import service
from service.enums import Channel
from service.models import Queue, Ticket
from service.services.confirming import confirm_ticket
from service.services.content import MessageContent
from service.services.conversation import add_customer_message
from service.services.requesters import Requester, find_or_create_requester
from service.services.tickets import open_ticket


@service
def submit_help_request(
    *, actor: Any, name: str, address: str, subject: str, text: str, queue: Queue | None = None
) -> Ticket:
    """Open a ticket for what a visitor wrote and confirm it by mail (capped for each address). The same
    happens for addresses that we know and that we don't. Raises ValidationError by field."""
    contact: Contact | None = find_or_create_requester(
        actor=actor,
        requester=Requester(name=name, address=address),
        team=queue.team if queue else None,
        source="help form",
    )
    ticket = open_ticket(
        actor=actor,
        subject=subject,
        queue=queue,
        contact=contact,
        channel=Channel.FORM,
        requester_name=name[:200],
        requester_address=address,
    )
    content = MessageContent(
        text=text, subject=ticket.subject, from_name=name, from_address=ticket.requester_address
    )
    add_customer_message(actor=actor, ticket=ticket, content=content, contact=contact, opens=True)
    confirm_ticket(actor=actor, ticket=ticket)
    return ticket
