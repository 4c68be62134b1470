"""Open deals: by stage now, and what they were worth at earlier moments."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Q, Sum

from core.conditions.rows_links import RowsLink
from core.money import round_money
from sales.enums import DealStatus
from sales.models import Deal

NOTHING = Decimal(0)


@dataclass(frozen=True)
class StageLine:
    """The open deals in a stage; amounts in the base currency."""

    name: str
    deals: int
    amount: Decimal
    weighted: Decimal
    link: RowsLink


@dataclass(frozen=True)
class OpenPipeline:
    """All stages with open deals in order, and their sums. `newest_rate` is the date of the newest exchange
    rate in them."""

    stages: list[StageLine]
    newest_rate: date | None

    @property
    def deals(self) -> int:
        return sum(stage.deals for stage in self.stages)

    @property
    def amount(self) -> Decimal:
        return sum((stage.amount for stage in self.stages), NOTHING)

    @property
    def weighted(self) -> Decimal:
        return sum((stage.weighted for stage in self.stages), NOTHING)


OPEN_DEALS = RowsLink.to("deal", status=DealStatus.OPEN.value)


def open_pipeline(user: Any, currency: str) -> OpenPipeline:
    """One query."""
    rows = list(
        Deal.objects.visible_to(user)
        .filter(status=DealStatus.OPEN)
        .order_by("pipeline_id", "stage__position", "stage_id")
        .values("stage_id", "stage__name", "pipeline_id", "pipeline__name", "stage__position")
        .annotate(
            deals=Count("pk"),
            amount=Sum("base_amount"),
            percent=Sum(F("base_amount") * F("probability")),
            newest=Max("rate_date"),
        )
    )
    several = len({row["pipeline_id"] for row in rows}) > 1
    stages = [
        StageLine(
            f"{row['pipeline__name']}: {row['stage__name']}" if several else row["stage__name"],
            row["deals"],
            row["amount"],
            round_money(row["percent"] / 100, currency),
            RowsLink.to("deal", status=DealStatus.OPEN.value, stage=row["stage_id"]),
        )
        for row in rows
    ]
    return OpenPipeline(stages, max((row["newest"] for row in rows), default=None))


def open_at(user: Any, moments: list[datetime]) -> list[Decimal]:
    """What the deals that were open at each moment are worth, at today's amounts. One query.

    `moments` ascend. A deal that was reopened counts as open since it was opened first.
    """
    sums = {
        f"at_{number}": Sum("base_amount", filter=_open_at(moment)) for number, moment in enumerate(moments)
    }
    rows = Deal.objects.visible_to(user).filter(
        Q(closed_at__isnull=True) | Q(closed_at__gt=moments[0]), opened_at__lte=moments[-1]
    )
    found = rows.order_by().aggregate(**sums)
    return [found[f"at_{number}"] or NOTHING for number in range(len(moments))]


def _open_at(moment: datetime) -> Q:
    return Q(opened_at__lte=moment) & (Q(closed_at__isnull=True) | Q(closed_at__gt=moment))
