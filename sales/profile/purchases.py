"""Somebody's purchases: their orders, or, where there are none, their won deals.

Cancelled orders do not count; cancellations (orders of their own with negative amounts) lower what was spent
and are no purchases. Days, weekdays and hours are those of the viewer's time zone, as in lists.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Avg, Count, DateField, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay, TruncDate

from contacts.profile.subject import Subject
from core.conditions.rows_links import RowsLink
from core.money import round_money
from core.scope.access import profile_for
from sales.enums import DealStatus, OrderStatus
from sales.models import Deal, Order

COUNTED = (OrderStatus.PLACED.value, OrderStatus.DELIVERED.value)


class Median(Aggregate):
    """The middle value: half of the rows are not above it."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


@dataclass(frozen=True)
class Basis:
    """Which rows are purchases. `bought` tells them from cancellations among `rows`."""

    record_type: str
    rows: QuerySet[Any]
    bought: Q
    moment: str
    amount: str
    link: RowsLink
    amounts_hidden: bool

    def purchases(self) -> QuerySet[Any]:
        return self.rows.filter(self.bought)

    def narrowed(self, **params: Any) -> RowsLink:
        """The list of those purchases that meet further filters; `ordered…` means the moment of either kind."""
        prefix = "closed" if self.record_type == "deal" else "ordered"
        named = {key.replace("moment", prefix): value for key, value in params.items()}
        return RowsLink(self.record_type, (*self.link.params, *((k, str(v)) for k, v in named.items())))


@dataclass(frozen=True)
class Figures:
    """All purchases together; amounts are in the base currency, `net` with cancellations taken off."""

    count: int
    first_at: datetime | None
    last_at: datetime | None
    net: Decimal
    average: Decimal
    median: Decimal
    largest: Decimal


@dataclass(frozen=True)
class Day:
    """One day with its purchases, and what the day came to."""

    day: date
    count: int
    net: Decimal


@dataclass(frozen=True)
class Purchases:
    """What is known of somebody's purchases."""

    basis: Basis
    figures: Figures
    days: Sequence[Day]
    hours: dict[tuple[int, int], int]
    """Purchases by (ISO weekday, hour)."""

    @property
    def buying_days(self) -> list[date]:
        return [one.day for one in self.days if one.count]

    @property
    def usual_gap_days(self) -> float | None:
        """The mean number of days from one buying day to the next, as the forecast reckons it; None for a
        single one."""
        days = self.buying_days
        return (days[-1] - days[0]).days / (len(days) - 1) if len(days) > 1 else None

    @property
    def by_weekday(self) -> Counter[int]:
        found: Counter[int] = Counter()
        for (weekday, _hour), number in self.hours.items():
            found[weekday] += number
        return found

    @property
    def by_hour(self) -> Counter[int]:
        """Empty where the time of day was not recorded (everything at midnight)."""
        found: Counter[int] = Counter()
        for (_weekday, hour), number in self.hours.items():
            found[hour] += number
        return found if set(found) != {0} else Counter()


def purchases_of(subject: Subject, user: Any) -> Purchases | None:
    """The purchases that `user` may see; None without any. Three or four queries, whatever the number."""
    for basis in _bases(subject, user):
        figures = _figures(basis)
        if figures.count:
            return Purchases(basis, figures, _days(basis), _hours(basis))
    return None


def _bases(subject: Subject, user: Any) -> list[Basis]:
    profile = profile_for(user)
    found = []
    if profile.allows("order", "view") and "ordered_at" not in profile.hidden_fields("order"):
        found.append(_orders(subject, user, profile.hidden_fields("order")))
    if profile.allows("deal", "view") and "closed_at" not in profile.hidden_fields("deal"):
        found.append(_won_deals(subject, user, profile.hidden_fields("deal")))
    return found


def _orders(subject: Subject, user: Any, hidden: frozenset[str]) -> Basis:
    rows = Order.objects.visible_to(user).filter(subject.rows(), status__in=COUNTED)
    link = subject.link("order", status=",".join(COUNTED), cancellation="false")
    amounts_hidden = bool({"total", "base_total"} & hidden)
    return Basis("order", rows, Q(is_cancellation=False), "ordered_at", "base_total", link, amounts_hidden)


def _won_deals(subject: Subject, user: Any, hidden: frozenset[str]) -> Basis:
    rows = Deal.objects.visible_to(user).filter(subject.rows("deal_contacts__contact"), status=DealStatus.WON)
    link = subject.link("deal", status=DealStatus.WON.value)
    amounts_hidden = bool({"amount", "base_amount"} & hidden)
    return Basis("deal", rows, Q(status=DealStatus.WON), "closed_at", "base_amount", link, amounts_hidden)


def _figures(basis: Basis) -> Figures:
    found = basis.rows.order_by().aggregate(
        count=Count("pk", filter=basis.bought),
        first_at=Min(basis.moment, filter=basis.bought),
        last_at=Max(basis.moment, filter=basis.bought),
        net=Sum(basis.amount),
        average=Avg(basis.amount, filter=basis.bought),
        median=Median(basis.amount, filter=basis.bought),
        largest=Max(basis.amount, filter=basis.bought),
    )
    for name in ("net", "average", "median", "largest"):
        found[name] = round_money(Decimal(f"{found[name] or 0:.6f}"))  # the median is a float
    return Figures(**found)


def _days(basis: Basis) -> list[Day]:
    groups = (
        basis.rows.order_by()
        .annotate(day=TruncDate(basis.moment, output_field=DateField()))
        .values("day")
        .annotate(number=Count("pk", filter=basis.bought), net=Sum(basis.amount))
        .order_by("day")
    )
    return [Day(day, number, net) for day, number, net in groups.values_list("day", "number", "net")]


def _hours(basis: Basis) -> dict[tuple[int, int], int]:
    groups = (
        basis.purchases()
        .order_by()
        .annotate(weekday=ExtractIsoWeekDay(basis.moment), hour=ExtractHour(basis.moment))
        .values("weekday", "hour")
        .annotate(number=Count("pk"))
    )
    return {(weekday, hour): n for weekday, hour, n in groups.values_list("weekday", "hour", "number")}
