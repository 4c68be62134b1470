"""Deals that were won and lost, by month: one query for every number about them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from analytics.periods import Period, midnight, period_of
from core.conditions.rows_links import RowsLink
from sales.enums import DealStatus
from sales.models import Deal

CHART_MONTHS = 12


@dataclass
class Decided:
    """What was decided in some time; amounts in the base currency."""

    won: int = 0
    lost: int = 0
    amount: Decimal = Decimal(0)
    cycle: timedelta = timedelta()

    @property
    def win_rate(self) -> float | None:
        """Won deals among all decided ones."""
        return self.won / (self.won + self.lost) if self.won + self.lost else None

    @property
    def cycle_days(self) -> float | None:
        """Mean days from opening to winning."""
        return self.cycle / timedelta(days=1) / self.won if self.won else None

    def add(self, other: "Decided") -> None:
        self.won += other.won
        self.lost += other.lost
        self.amount += other.amount
        self.cycle += other.cycle


@dataclass(frozen=True)
class DecidedByMonth:
    """Decided deals in scope, by first day of the month in the current zone; months without any are empty."""

    months: dict[date, Decided] = field(default_factory=dict)

    def of(self, months: Iterable[date]) -> Decided:
        """Several months together."""
        together = Decided()
        for month in months:
            together.add(self.months.get(month, Decided()))
        return together


def decided_by_month(user: Any, period: Period) -> DecidedByMonth:
    """From the start of the chart or of the period before (whichever is earlier) to the period's end."""
    start = min(period.trailing_months(CHART_MONTHS)[0], period.previous.start)
    rows = (
        Deal.objects.visible_to(user)
        .filter(
            status__in=[DealStatus.WON, DealStatus.LOST],
            closed_at__gte=midnight(start),
            closed_at__lt=midnight(period.following.start),
        )
        .order_by()
        .annotate(month=TruncMonth("closed_at"))
        .values("month", "status")
        .annotate(deals=Count("pk"), amount=Sum("base_amount"), cycle=Sum(F("closed_at") - F("opened_at")))
    )
    months: dict[date, Decided] = defaultdict(Decided)
    for row in rows:
        if row["status"] == DealStatus.WON:
            part = Decided(won=row["deals"], amount=row["amount"], cycle=row["cycle"])
        else:
            part = Decided(lost=row["deals"])
        months[row["month"].date()].add(part)
    return DecidedByMonth(dict(months))


def won_in(period: Period) -> RowsLink:
    return RowsLink.to("deal", status=DealStatus.WON.value, closed__between=period.between)


def decided_in(period: Period) -> RowsLink:
    both = f"{DealStatus.WON.value},{DealStatus.LOST.value}"
    return RowsLink.to("deal", status=both, closed__between=period.between)


def won_in_month(month: date) -> RowsLink:
    return won_in(Period("month", month))


def latest_with_won_deals(user: Any, period: Period) -> Period | None:
    """The newest period of the same length with a won deal, for a dashboard that has none to show."""
    won = Deal.objects.visible_to(user).filter(status=DealStatus.WON)
    newest = won.order_by("-closed_at").values_list("closed_at", flat=True).first()
    if newest is None:
        return None
    return period_of(period.kind, timezone.localdate(newest).isoformat())
