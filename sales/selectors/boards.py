"""The board: each stage with its sums and its first cards, in five queries whatever the pipeline holds."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from core.models import User
from core.money import base_currency
from sales.enums import DealStatus
from sales.models import Deal, Stage
from sales.models.deals import DECIDED
from sales.selectors.totals import NOTHING, Totals, totals_by_stage

CARDS = 25
CARD_FIELDS = (
    "name", "amount", "currency", "status", "version", "owner_id", "company__name", "company__owner_id",
    "company__team_id", "stage_id", "stage_since",
    "closed_at", "expected_close", "next_step_at", "next_step__subject", "next_step__kind",
)  # fmt: skip
"""What a card is written from: whole instances of five tables were a third of the board's cost."""


@dataclass(frozen=True)
class StageColumn:
    """A stage, what all its deals are worth, and its first deals with company, owner and next step."""

    stage: Stage
    totals: Totals
    deals: Sequence[Deal]


def board_columns(
    deals: QuerySet[Deal],
    stages: Sequence[Stage],
    *,
    totals: dict[int, Totals] | None = None,
    now: datetime | None = None,
    size: int = CARDS,
) -> list[StageColumn]:
    """The columns over `deals` (in scope and filtered already), with their `totals` where those are known.

    Open deals come in the order of their next step: overdue, today, none, future; decided ones by closing
    date, newest first. Every order ends in the key.
    """
    unit = base_currency()
    totals = totals_by_stage(deals, currency=unit) if totals is None else totals
    ids = _first_ids(deals, stages, now or timezone.now(), size)
    cards = _cards([pk for found in ids.values() for pk in found], stages)
    return [
        StageColumn(
            stage,
            totals.get(stage.pk, Totals(0, NOTHING, NOTHING, unit)),
            [cards[pk] for pk in ids[stage.pk] if pk in cards],
        )
        for stage in stages
    ]


def _cards(ids: Sequence[int], stages: Sequence[Stage]) -> dict[int, Deal]:
    """The deals by id with company and next step; owners are few, so each is read once and shared."""
    rows = Deal.all_objects.filter(pk__in=ids).select_related("company", "next_step").only(*CARD_FIELDS)
    deals = {deal.pk: deal for deal in rows}
    owners = User.objects.only("name").in_bulk({deal.owner_id for deal in deals.values() if deal.owner_id})
    by_id = {stage.pk: stage for stage in stages}
    for deal in deals.values():
        deal.stage = by_id[deal.stage_id]
        deal.owner = owners.get(deal.owner_id) if deal.owner_id else None
    return deals


def _first_ids(
    deals: QuerySet[Deal], stages: Sequence[Stage], now: datetime, size: int
) -> dict[int, list[int]]:
    """One statement: for each stage three ranges of the board's index, each cut to `size`, or one where deals are
    decided."""
    day = timezone.localdate(now) + timedelta(days=1)
    tomorrow = datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
    here = deals.order_by().filter(stage=OuterRef("pk"))
    still = here.filter(status=DealStatus.OPEN)
    ranges = {
        "due": still.filter(next_step_at__lt=tomorrow).order_by("next_step_at", "pk"),
        "stepless": still.filter(next_step_at__isnull=True).order_by("pk"),
        "later": still.filter(next_step_at__gte=tomorrow).order_by("next_step_at", "pk"),
        # the words of the index's own condition, or the planner does not see that it covers them
        "decided": here.filter(DECIDED).order_by("-closed_at", "-pk"),
    }
    cut = {name: ArraySubquery(rows.values("pk")[:size]) for name, rows in ranges.items()}
    is_open = {stage.pk: stage.outcome == DealStatus.OPEN for stage in stages}
    found: dict[int, list[int]] = defaultdict(list)
    for pk, *parts, decided in Stage.objects.filter(pk__in=is_open).annotate(**cut).values_list("pk", *cut):
        ids = [one for part in parts for one in part or ()] if is_open[pk] else decided or []
        found[pk] = ids[:size]
    return found
