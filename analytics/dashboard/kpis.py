"""The tiles with one number each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.periods import Period, add_months, midnight
from analytics.selectors.dashboard.decided import Decided, DecidedByMonth, decided_in, won_in
from analytics.selectors.dashboard.pipeline import OPEN_DEALS, OpenPipeline, open_at
from analytics.selectors.dashboard.targets import Targets
from core.conditions.rows_links import RowsLink
from core.ui.charts import sparkline
from core.ui.markup import money_short, money_text, percent, short_number, whole_number

SPARK_MONTHS = 12
PIPELINE_POINTS = 6
ARROW_ICONS = {"rises": "arrow-up-right", "falls": "arrow-down-right", "same": "minus"}


@dataclass(frozen=True)
class Delta:
    """A change against the last period: its words, whether that is good (`up`) or bad (`down`), its arrow."""

    text: str
    tone: str
    icon: str


@dataclass(frozen=True)
class Kpi:
    """A number, the list behind it, how it moved, and the list behind what it is compared with."""

    key: str
    label: str
    value: str
    exact: str
    url: str
    delta: Delta | None = None
    against: str = ""
    against_url: str = ""
    note: str = ""
    spark: SafeString | str = ""


def delta_of(change: float, text: str, *, falling_is_good: bool = False) -> Delta:
    """The arrow and colour of a change; `text` says its size."""
    if change == 0:
        return Delta(text, "", ARROW_ICONS["same"])
    direction = "rises" if change > 0 else "falls"
    good = (change < 0) == falling_is_good
    return Delta(text, "up" if good else "down", ARROW_ICONS[direction])


def relative(now: Decimal | int, before: Decimal | int) -> Delta | None:
    """The change in percent of what was before; None where there was nothing."""
    if not before:
        return None
    change = float((now - before) / Decimal(before))
    return delta_of(round(change, 3), percent(abs(change), 1))


def sales_kpis(
    user: Any,
    period: Period,
    decided: DecidedByMonth,
    pipeline: OpenPipeline,
    targets: Targets,
    currency: str,
) -> list[Kpi]:
    """Won, win rate, open pipeline and sales cycle."""
    now, before = decided.of(period.months), decided.of(period.previous.months)
    target = targets.own(period.months)
    return [
        _won(period, now, before, target, decided, currency),
        _win_rate(period, now, before, decided),
        _pipeline(user, period, pipeline, target, now, currency),
        _cycle(period, now, before, decided),
    ]


def _won(
    period: Period,
    now: Decided,
    before: Decided,
    target: Decimal | None,
    decided: DecidedByMonth,
    currency: str,
) -> Kpi:
    months = _past_months(period)
    note = ""
    if target:
        note = _("%(share)s of the target of %(target)s") % {
            "share": percent(now.amount / target),
            "target": money_short(target, currency),
        }
    return Kpi(
        "won",
        _("Closed won"),
        money_short(now.amount, currency),
        money_text(now.amount, currency),
        won_in(period).url(),
        relative(now.amount, before.amount),
        _("vs. %(amount)s in %(period)s")
        % {"amount": money_short(before.amount, currency), "period": period.previous.label},
        won_in(period.previous).url(),
        note,
        _spark(_("Won by month"), [float(decided.of([month]).amount) for month in months]),
    )


def _win_rate(period: Period, now: Decided, before: Decided, decided: DecidedByMonth) -> Kpi:
    rates = [decided.of([month]).win_rate for month in _past_months(period)]
    delta = None
    if now.win_rate is not None and before.win_rate is not None:
        points = round((now.win_rate - before.win_rate) * 100, 1)
        delta = delta_of(points, _("%(points)s pts") % {"points": abs(points)})
    count = now.won + now.lost
    return Kpi(
        "win_rate",
        _("Win rate"),
        percent(now.win_rate, 1),
        percent(now.win_rate, 1),
        decided_in(period).url(),
        delta,
        _("vs. %(rate)s in %(period)s")
        % {"rate": percent(before.win_rate, 1), "period": period.previous.label},
        decided_in(period.previous).url(),
        ngettext("%(won)s won of %(n)s decided deal", "%(won)s won of %(n)s decided deals", count)
        % {"won": whole_number(now.won), "n": whole_number(count)},
        _spark(_("Win rate by month"), [rate * 100 for rate in rates if rate is not None]),
    )


def _pipeline(
    user: Any, period: Period, pipeline: OpenPipeline, target: Decimal | None, now: Decided, currency: str
) -> Kpi:
    moments = _month_starts()
    values = open_at(user, moments)
    before = values[-2] if len(values) > 1 else Decimal(0)
    note = deals_text(pipeline.deals)
    left = target - now.amount if target else Decimal(0)
    if left > 0:
        cover = _("%(times)s× what the target still needs") % {"times": round(pipeline.amount / left, 1)}
        note = f"{note} · {cover}"
    return Kpi(
        "pipeline",
        _("Open pipeline"),
        money_short(pipeline.amount, currency),
        money_text(pipeline.amount, currency),
        OPEN_DEALS.url(),
        relative(pipeline.amount, before),
        _("since the month began"),
        "",
        note,
        _spark(_("Open pipeline at the beginning of months"), [float(value) for value in values]),
    )


def _month_starts() -> list[datetime]:
    """The first moments of this month and of four before it, and now: what is open is a stock of today,
    whatever period is shown."""
    now = timezone.now()
    first = timezone.localdate().replace(day=1)
    starts = [midnight(add_months(first, at - PIPELINE_POINTS + 2)) for at in range(PIPELINE_POINTS - 1)]
    return [*starts, now]


def _cycle(period: Period, now: Decided, before: Decided, decided: DecidedByMonth) -> Kpi:
    cycles = [decided.of([month]).cycle_days for month in _past_months(period)]
    delta = None
    if now.cycle_days is not None and before.cycle_days is not None:
        days = round(now.cycle_days) - round(before.cycle_days)
        words = ngettext("%(n)d day slower", "%(n)d days slower", days)
        if days < 0:
            words = ngettext("%(n)d day faster", "%(n)d days faster", -days)
        delta = delta_of(days, words % {"n": abs(days)}, falling_is_good=True)
    return Kpi(
        "cycle",
        _("Sales cycle"),
        _days(now.cycle_days),
        _days(now.cycle_days),
        won_in(period).url(),
        delta,
        _("vs. %(days)s in %(period)s") % {"days": _days(before.cycle_days), "period": period.previous.label},
        won_in(period.previous).url(),
        _("from opened to won, mean"),
        _spark(_("Sales cycle by month"), [days for days in cycles if days is not None]),
    )


def _past_months(period: Period) -> list[date]:
    """A year up to the end of the period or to this month: months to come have no figures."""
    today = timezone.localdate()
    return [month for month in period.trailing_months(SPARK_MONTHS) if month <= today]


def _days(days: float | None) -> str:
    if days is None:
        return "—"
    return ngettext("%(n)d day", "%(n)d days", round(days)) % {"n": round(days)}


def _spark(label: str, values: Sequence[float]) -> SafeString:
    return sparkline(label, values)


def deals_text(count: int) -> str:
    """How many deals, in words."""
    return ngettext("%(n)s deal", "%(n)s deals", count) % {"n": whole_number(count)}


def counted(key: str, label: str, count: int, link: RowsLink, **more: Any) -> Kpi:
    """A tile that counts rows."""
    return Kpi(key, label, short_number(count), whole_number(count), link.url(), **more)
