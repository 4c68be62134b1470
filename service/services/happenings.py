"""How tickets appear on the timelines of their people and companies."""

from datetime import datetime
from typing import Any

from contacts.services.timeline import Happening, record_timeline
from service.models import Message, Ticket

EXCERPT = 600


def tell_of_ticket(
    actor: Any, ticket: Ticket, kind: str, at: datetime, key: str, body: str = "", **data: int | str
) -> None:
    """One line on the timeline of the ticket's contact and company; nothing for a ticket of neither."""
    happening = Happening(
        kind=kind,
        occurred_at=at,
        dedupe_key=f"ticket:{ticket.pk}:{key}",
        contact_id=ticket.contact_id,
        company_id=ticket.company_id,
        actor_id=getattr(actor, "pk", None),
        title=ticket.subject,
        body=body[:EXCERPT],
        data={"number": ticket.pk, **data},
        record_type="ticket",
        object_id=ticket.pk,
    )
    record_timeline(actor=actor, happenings=[happening])


def tell_of_message(actor: Any, ticket: Ticket, message: Message, kind: str) -> None:
    """The line of a message; internal notes have none."""
    tell_of_ticket(actor, ticket, kind, message.at, f"message:{message.pk}", message.text)
