"""What sales tells the rest of the house."""

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True)
class DealCreated(Event):
    """A deal was entered."""

    name = "sales.deal_created"
    deal_id: int


@dataclass(frozen=True)
class DealChanged(Event):
    """Fields of a deal were edited (not its stage)."""

    name = "sales.deal_changed"
    deal_id: int
    fields: list[str]


@dataclass(frozen=True)
class DealMoved(Event):
    """A deal went to another stage; winning, losing and reopening publish this too."""

    name = "sales.deal_moved"
    deal_id: int
    from_stage_id: int
    to_stage_id: int


@dataclass(frozen=True)
class DealWon(Event):
    """A deal was won."""

    name = "sales.deal_won"
    deal_id: int


@dataclass(frozen=True)
class DealLost(Event):
    """A deal was lost."""

    name = "sales.deal_lost"
    deal_id: int


@dataclass(frozen=True)
class DealReopened(Event):
    """A decided deal is open again."""

    name = "sales.deal_reopened"
    deal_id: int


@dataclass(frozen=True)
class OrderPlaced(Event):
    """An order (or the cancellation of one) was entered."""

    name = "sales.order_placed"
    order_id: int
