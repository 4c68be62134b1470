"""Tickets that are open, and those that are late."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from core.conditions.rows_links import RowsLink

OPEN_TICKETS = RowsLink.to("ticket", open="true")
OVERDUE_TICKETS = RowsLink.to("ticket", overdue="true")


@dataclass(frozen=True)
class TicketCounts:
    """In the viewer's scope, now."""

    open: int
    overdue: int


def ticket_counts(user: Any) -> TicketCounts | None:
    """None where the viewer has no tickets to see. One query."""
    if not OPEN_TICKETS.usable(user) or not OVERDUE_TICKETS.usable(user):
        return None
    is_open, is_late = OPEN_TICKETS.condition(user), OVERDUE_TICKETS.condition(user)
    rows = RowsLink.to("ticket").rows(user).filter(is_open | is_late).order_by()
    found = rows.aggregate(open=Count("pk", filter=is_open), overdue=Count("pk", filter=is_late))
    return TicketCounts(found["open"], found["overdue"])
