"""Which status may follow which, and what counts as open."""

from service.enums import TicketStatus

OPEN_STATUSES = (TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.WAITING)
DONE_STATUSES = (TicketStatus.SOLVED, TicketStatus.CLOSED)
CLOCK_RUNS = (TicketStatus.NEW, TicketStatus.OPEN)
"""In these the resolution clock runs: the next step is ours."""

TRANSITIONS: dict[str, frozenset[str]] = {
    TicketStatus.NEW: frozenset(
        {TicketStatus.OPEN, TicketStatus.WAITING, TicketStatus.SOLVED, TicketStatus.CLOSED}
    ),
    TicketStatus.OPEN: frozenset({TicketStatus.WAITING, TicketStatus.SOLVED, TicketStatus.CLOSED}),
    TicketStatus.WAITING: frozenset({TicketStatus.OPEN, TicketStatus.SOLVED, TicketStatus.CLOSED}),
    TicketStatus.SOLVED: frozenset({TicketStatus.OPEN, TicketStatus.CLOSED}),
    TicketStatus.CLOSED: frozenset({TicketStatus.OPEN}),
}


def may_follow(before: str, after: str) -> bool:
    """Whether a ticket may go from one status to another; staying where it is is no step."""
    return after in TRANSITIONS[before]
