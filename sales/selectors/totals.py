"""What deals are worth together: the one place where board, list, dashboard, panels and API get sums from.

All sums are in the base currency, from the amounts that are stored with the rate of their own date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce

from core.money import base_currency, round_money
from sales.enums import DealStatus
from sales.models import Deal, DealTally

NOTHING = Decimal("0.00")
FIGURES = {
    "count": Count("pk"),
    "amount": Coalesce(Sum("base_amount"), NOTHING),
    "weighted_percent": Coalesce(Sum(F("base_amount") * F("probability")), NOTHING),
}


@dataclass(frozen=True)
class Totals:
    """How many deals, their amount, and the amount weighted by probability, rounded once at the end."""

    count: int
    amount: Decimal
    weighted: Decimal
    currency: str

    def to_json(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "amount": str(self.amount),
            "weighted": str(self.weighted),
            "currency": self.currency,
        }


def totals_of(deals: QuerySet[Deal], *, currency: str = "") -> Totals:
    """The totals of a queryset that is in scope already."""
    figures = deals.order_by().aggregate(**FIGURES)
    return _totals(figures, currency or base_currency())


def totals_by_stage(deals: QuerySet[Deal], *, currency: str = "") -> dict[int, Totals]:
    """The same for each stage; stages without deals are left out."""
    unit = currency or base_currency()
    rows: Any = deals.order_by().values("stage_id").annotate(**FIGURES)
    return {row["stage_id"]: _totals(row, unit) for row in rows}


def kept_totals_by_stage(user: Any, pipeline_id: int) -> dict[int, Totals]:
    """The same as `totals_by_stage` over all deals of a pipeline in `user`'s scope, from the kept sums: its cost
    does not grow with the deals."""
    unit = base_currency()
    rows = (
        DealTally.objects.visible_to(user)
        .filter(pipeline_id=pipeline_id)
        .values("stage_id")
        .annotate(count=Sum("deals"), amount=Sum("base_amount"), percent=Sum("weighted_percent"))
        .order_by()
    )
    return {
        row["stage_id"]: _totals({**row, "weighted_percent": row["percent"]}, unit)
        for row in rows
        if row["count"]
    }


def totals_by_status(deals: QuerySet[Deal], *, currency: str = "") -> dict[str, Totals]:
    """Open, won and lost; each is there, with zeros where there are none."""
    unit = currency or base_currency()
    rows: Any = deals.order_by().values("status").annotate(**FIGURES)
    found = {row["status"]: _totals(row, unit) for row in rows}
    return {status: found.get(status, Totals(0, NOTHING, NOTHING, unit)) for status in DealStatus.values}


def sum_of(totals: Iterable[Totals], currency: str) -> Totals:
    """Several totals as one."""
    parts = list(totals)
    return Totals(
        sum(part.count for part in parts),
        sum((part.amount for part in parts), NOTHING),
        sum((part.weighted for part in parts), NOTHING),
        currency,
    )


def open_deals(user: Any) -> QuerySet[Deal]:
    """The open deals in `user`'s scope."""
    rows: QuerySet[Deal] = Deal.objects.visible_to(user).filter(status=DealStatus.OPEN)
    return rows


def _totals(figures: dict[str, Any], currency: str) -> Totals:
    weighted = round_money(figures["weighted_percent"] / 100, currency)
    return Totals(figures["count"], figures["amount"], weighted, currency)
