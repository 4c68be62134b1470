"""Who won what: one line per salesperson."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from analytics.periods import Period
from analytics.selectors.dashboard.decided import decided_in
from analytics.selectors.dashboard.targets import Targets
from core.conditions.rows_links import RowsLink
from sales.enums import DealStatus

SHOWN = 8


@dataclass(frozen=True)
class PersonLine:
    """Won and decided deals of a person in the period. `attainment` is the share of their target."""

    name: str
    amount: Decimal
    won: int
    decided: int
    target: Decimal | None
    won_link: RowsLink
    decided_link: RowsLink

    @property
    def attainment(self) -> float | None:
        return float(self.amount / self.target) if self.target else None

    @property
    def win_rate(self) -> float | None:
        return self.won / self.decided if self.decided else None


def people_lines(user: Any, period: Period, targets: Targets) -> Sequence[PersonLine]:
    """The owners with the most won first. One query."""
    won = Q(status=DealStatus.WON)
    rows = (
        decided_in(period)
        .rows(user)
        .filter(owner__isnull=False)
        .order_by()
        .values("owner_id", "owner__name")
        .annotate(amount=Sum("base_amount", filter=won), won=Count("pk", filter=won), decided=Count("pk"))
        .order_by("-amount", "owner__name", "owner_id")
    )
    lines = [_line(row, period, targets) for row in rows]
    lines.sort(key=lambda line: -line.amount)
    return lines[:SHOWN]


def _line(row: dict[str, Any], period: Period, targets: Targets) -> PersonLine:
    owner = row["owner_id"]
    both = f"{DealStatus.WON.value},{DealStatus.LOST.value}"
    return PersonLine(
        name=row["owner__name"],
        amount=row["amount"] or Decimal(0),
        won=row["won"],
        decided=row["decided"],
        target=targets.of_person(owner, period.months),
        won_link=RowsLink.to(
            "deal", status=DealStatus.WON.value, closed__between=period.between, owner=owner
        ),
        decided_link=RowsLink.to("deal", status=both, closed__between=period.between, owner=owner),
    )
