"""Which way a deal may go."""

from sales.enums import DealStatus

ALLOWED = frozenset(
    {
        (DealStatus.OPEN, DealStatus.OPEN),
        (DealStatus.OPEN, DealStatus.WON),
        (DealStatus.OPEN, DealStatus.LOST),
        (DealStatus.WON, DealStatus.OPEN),
        (DealStatus.LOST, DealStatus.OPEN),
    }
)
"""Decided deals are reopened first: a won deal does not become a lost one in one step."""


def may_go(before: str, after: str) -> bool:
    """Whether a deal of status `before` may enter a stage whose outcome is `after`."""
    return (DealStatus(before), DealStatus(after)) in ALLOWED
