"""Deals as cards beside a record, with the bar of stages."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from core.ui import markup
from sales.enums import DealStatus
from sales.models import Deal, Stage

BAR_WIDTH, GAP = 100.0, 2.0


@dataclass(frozen=True)
class Segment:
    """A piece of the bar, in its own units."""

    x: float
    width: float
    on: bool


@dataclass(frozen=True)
class DealCard:
    """What a card shows."""

    url: str
    name: str
    amount: str
    state: str
    day: str
    tone: str
    bar: list[Segment]
    label: str


def deal_cards(deals: Iterable[Deal], hidden: frozenset[str] = frozenset()) -> list[DealCard]:
    """The cards of a few deals, in their order. One query more than the deals themselves."""
    rows = list(deals)
    steps: dict[int, list[int]] = defaultdict(list)
    found = Stage.objects.filter(
        pipeline_id__in={deal.pipeline_id for deal in rows}, outcome=DealStatus.OPEN
    ).order_by("position", "pk")
    for pipeline_id, pk in found.values_list("pipeline_id", "pk"):
        steps[pipeline_id].append(pk)
    return [_card(deal, steps[deal.pipeline_id], hidden) for deal in rows]


def _card(deal: Deal, steps: list[int], hidden: frozenset[str]) -> DealCard:
    decided = deal.status != DealStatus.OPEN
    reached = len(steps) if decided else steps.index(deal.stage_id) + 1 if deal.stage_id in steps else 0
    day: date | None = deal.closed_at.date() if deal.closed_at else deal.expected_close
    return DealCard(
        url=reverse("sales:deal_detail", args=[deal.pk]),
        name=deal.name,
        amount="" if "amount" in hidden else markup.money_text(deal.amount, deal.currency),
        state=deal.stage.name,
        day=markup.day_text(day) if day else "",
        tone={DealStatus.WON: "ok", DealStatus.LOST: "lost"}.get(DealStatus(deal.status), ""),
        bar=_bar(len(steps), 0 if deal.status == DealStatus.LOST else reached),
        label=f"{deal.stage.name}: {reached}/{len(steps)}",
    )


def _bar(total: int, reached: int) -> list[Segment]:
    if not total:
        return []
    width = (BAR_WIDTH - GAP * (total - 1)) / total
    return [Segment(round(at * (width + GAP), 2), round(width, 2), at < reached) for at in range(total)]
