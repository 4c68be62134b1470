"""Which ticket a mail belongs to, for the machine that sorts them: no person's scope applies here."""

from collections.abc import Sequence

from django.db.models import Q

from service.models import Message, Ticket


def ticket_of_message_ids(ids: Sequence[str]) -> int | None:
    """The ticket of the first of the message ids that a live ticket knows."""
    wanted = [one for one in ids if one][:50]
    if not wanted:
        return None
    rows = Message.objects.filter(message_id__in=wanted, ticket__deleted_at__isnull=True)
    known = dict(rows.order_by("-pk").values_list("message_id", "ticket_id"))
    return next((known[one] for one in wanted if one in known), None)


def writes_on(ticket_id: int, address: str) -> bool:
    """Whether a (normalised) address takes part in a live ticket: as its requester, by having written, or by
    having been written to by us."""
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    if ticket is None:
        return False
    if ticket.requester_address == address:
        return True
    ours = Q(direction="out") & (Q(to_addresses=address) | Q(cc_addresses__contains=address))
    candidates = ticket.messages.filter(Q(direction="in", from_address=address, is_participant=True) | ours)
    for message in candidates[:20]:
        if address in {message.from_address, message.to_addresses, *message.cc_addresses.split(", ")}:
            return True
    return False
