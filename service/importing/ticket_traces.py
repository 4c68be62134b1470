"""What imported tickets leave behind: their first message, how they were solved, their timelines."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from contacts.models import TimelineEntry
from contacts.services.timeline import Happening, record_timeline
from core.importing.bulk import copy_rows
from core.importing.rows import Change, ImportContext, Row
from core.importing.targets import Applied
from service.enums import Direction
from service.models import Message, Ticket
from service.rules import DONE_STATUSES
from service.services.happenings import EXCERPT

COLUMNS = (
    "created_at", "updated_at", "ticket_id", "direction", "author_id", "contact_id", "from_name", "from_address",
    "to_addresses", "cc_addresses", "subject", "text", "quoted_text", "html", "message_id", "in_reply_to",
    "references", "at", "is_automatic", "is_participant", "delivery", "delivery_error", "attempts", "not_before",
)  # fmt: skip


def write_messages(context: ImportContext, applied: Applied) -> list[tuple[Row, int]]:
    """The description as what the customer said, the resolution as a note: where the ticket does not say so
    already. Returns the rows to which something was added."""
    wanted = [
        (row, pk) for row, pk in applied.everything if row.values.keys() & {"description", "resolution"}
    ]
    if not wanted:
        return []
    tickets = Ticket.objects.in_bulk([pk for _row, pk in wanted])
    said: dict[tuple[int, str], set[str]] = {}
    rows = Message.objects.filter(ticket__in=[pk for _row, pk in (*applied.updated, *applied.same)])
    for pk, direction, text in rows.values_list("ticket_id", "direction", "text"):
        said.setdefault((pk, direction), set()).add(text.strip())
    lines, added = [], []
    for row, pk in wanted:
        for key, direction in (("description", Direction.IN), ("resolution", Direction.NOTE)):
            text = str(row.values.get(key, "")).strip()
            if text and text not in said.get((pk, direction.value), ()):
                lines.append(_message(tickets[pk], direction, text))
                added.append((row, pk))
                if context.dry_run:
                    row.changes.append(Change(key, "", text))
    copy_rows(Message, COLUMNS, lines)
    return added


def _message(ticket: Ticket, direction: Direction, text: str) -> tuple[Any, ...]:
    now, incoming = timezone.now(), direction == Direction.IN
    at = ticket.opened_at if incoming else ticket.solved_at or ticket.last_message_at
    name, address = (ticket.requester_name, ticket.requester_address) if incoming else ("", "")
    contact = ticket.contact_id if incoming else None
    return (
        now, now, ticket.pk, direction.value, None, contact, name, address, "", "", ticket.subject, text, "", "",
        "", "", "", at, False, True, "", "", 0, now,
    )  # fmt: skip


def tell_tickets(context: ImportContext, applied: Applied) -> None:
    """Opened and solved, at the world's own times."""
    created = {pk for _row, pk in applied.created}
    told = Ticket.objects.filter(pk__in=[pk for _row, pk in (*applied.created, *applied.updated)])
    words = {pk: str(row.values.get("description", "")) for row, pk in applied.created}
    happenings = []
    for ticket in told.order_by("pk"):
        if ticket.pk in created:
            happenings.append(
                _happening(ticket, "ticket.opened", ticket.opened_at, "opened", words[ticket.pk])
            )
        if ticket.status in DONE_STATUSES:
            happenings.append(_happening(ticket, "ticket.solved", ticket.solved_at, SOLVED))
    record_timeline(actor=context.actor, happenings=happenings)


SOLVED = "solved:imported"


def _happening(ticket: Ticket, kind: str, at: Any, key: str, body: str = "") -> Happening:
    return Happening(
        kind=kind,
        occurred_at=at,
        dedupe_key=f"ticket:{ticket.pk}:{key}",
        contact_id=ticket.contact_id,
        company_id=ticket.company_id,
        title=ticket.subject,
        body=body[:EXCERPT],
        data={"number": ticket.pk},
        record_type="ticket",
        object_id=ticket.pk,
    )


def tell_solved_again(ids: Sequence[int]) -> None:
    """Tickets that are open again, because the import that solved them was undone, were not solved."""
    rows = Ticket.objects.filter(pk__in=list(ids)).exclude(status__in=DONE_STATUSES)
    keys = [f"ticket:{pk}:{SOLVED}" for pk in rows.values_list("pk", flat=True)]
    TimelineEntry.objects.filter(dedupe_key__in=keys).delete()
