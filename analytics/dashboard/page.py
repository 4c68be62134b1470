"""All tiles of one viewer and period."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.dashboard.kpis import Kpi, counted, deals_text, delta_of, relative, sales_kpis
from analytics.periods import MONTHS, Period
from analytics.selectors.dashboard.attention import DealWarning, warnings
from analytics.selectors.dashboard.campaigns import CampaignResults, campaign_results, launched_in
from analytics.selectors.dashboard.customers import (
    RiskLine,
    count_new_contacts,
    new_contacts,
    risk_lines,
)
from analytics.selectors.dashboard.decided import (
    CHART_MONTHS,
    DecidedByMonth,
    decided_by_month,
    decided_in,
    latest_with_won_deals,
    won_in_month,
)
from analytics.selectors.dashboard.people import PersonLine, people_lines
from analytics.selectors.dashboard.pipeline import OPEN_DEALS, OpenPipeline, open_pipeline
from analytics.selectors.dashboard.surveys import answered_in, satisfaction
from analytics.selectors.dashboard.targets import Targets, targets_in
from analytics.selectors.dashboard.tickets import OPEN_TICKETS, OVERDUE_TICKETS, ticket_counts
from core.money import base_currency
from core.ui.charts import Bar, Series, bar_chart, bars, meter
from core.ui.markup import money_short, money_text, percent, whole_number

ON_TRACK = 0.75
"""Below this share of a target the bar warns."""


@dataclass(frozen=True)
class ShownPerson:
    """A salesperson's line with the bar of their attainment (empty without a target)."""

    line: PersonLine
    meter: SafeString


@dataclass(frozen=True)
class Dashboard:
    """What the template shows; tiles of what the viewer may not see are None or left out."""

    period: Period
    kpis: list[Kpi]
    revenue: SafeString | None
    has_target: bool
    stages: SafeString | None
    pipeline: OpenPipeline | None
    people: list[ShownPerson] | None
    warnings: list[DealWarning] | None
    risk: list[RiskLine]
    campaigns: CampaignResults | None
    currency: str
    rates_note: str
    hint_url: str
    hint_label: str


def dashboard_of(user: Any, period: Period) -> Dashboard:
    """About a dozen queries, whatever there is to count."""
    currency = base_currency()
    kpis: list[Kpi] = []
    revenue = stages = pipeline = people = attention = None
    hint: Period | None = None
    has_target = False
    if OPEN_DEALS.usable(user) and decided_in(period).usable(user):
        decided = decided_by_month(user, period)
        pipeline = open_pipeline(user, currency)
        months = period.trailing_months(CHART_MONTHS)
        targets = targets_in(user, min(months[0], period.start), period.months[-1], currency)
        kpis += sales_kpis(user, period, decided, pipeline, targets, currency)
        revenue, has_target = _revenue(months, decided, targets, currency)
        stages = _stages(pipeline, currency)
        people = [_shown(line) for line in people_lines(user, period, targets)]
        attention = warnings(user)
        if not decided.of(period.months).won:
            hint = latest_with_won_deals(user, period)
    risk = risk_lines(user)
    kpis += _other_kpis(user, period, risk, currency)
    return Dashboard(
        period=period,
        kpis=kpis,
        revenue=revenue,
        has_target=has_target,
        stages=stages,
        pipeline=pipeline,
        people=people,
        warnings=attention,
        risk=risk,
        campaigns=campaign_results(user, period) if launched_in(period).usable(user) else None,
        currency=currency,
        rates_note=_rates_note(currency, pipeline.newest_rate if pipeline else None),
        hint_url=dashboard_url(hint) if hint and hint != period else "",
        hint_label=hint.label if hint else "",
    )


def dashboard_url(period: Period) -> str:
    """The dashboard of a period."""
    return f"{reverse('analytics:dashboard')}?period={period.kind}&at={period.start.isoformat()}"


def period_tabs(period: Period) -> list[tuple[str, str, bool]]:
    """(label, URL, whether it is this one): the period of each length around the shown one's end."""
    names = {"month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}
    at = period.start.isoformat()
    address = reverse("analytics:dashboard")
    return [(names[kind], f"{address}?period={kind}&at={at}", kind == period.kind) for kind in MONTHS]


def _revenue(
    months: list[date], decided: DecidedByMonth, targets: Targets, currency: str
) -> tuple[SafeString, bool]:
    goals = [targets.own([month]) for month in months]
    has_target = any(goal is not None for goal in goals)
    chart = bar_chart(
        _("Closed-won revenue by month"),
        [formats.date_format(month, "M y") for month in months],
        [Series(_("Won"), [float(decided.of([month]).amount) for month in months])],
        target=[None if goal is None else float(goal) for goal in goals] if has_target else None,
        show=lambda value: money_short(value, currency),
        exact=lambda value: money_text(Decimal(str(value)), currency),
        urls=[won_in_month(month).url() for month in months],
    )
    return chart, has_target


def _stages(pipeline: OpenPipeline, currency: str) -> SafeString:
    return bars(
        _("Open pipeline by stage"),
        [
            Bar(stage.name, float(stage.amount), deals_text(stage.deals), stage.link.url())
            for stage in pipeline.stages
        ],
        show=lambda value: money_short(value, currency),
        head=[_("Stage"), _("Amount"), _("Deals")],
    )


def _shown(line: PersonLine) -> ShownPerson:
    if line.attainment is None:
        return ShownPerson(line, SafeString(""))
    tone = "ok" if line.attainment >= 1 else "" if line.attainment >= ON_TRACK else "warn"
    label = _("%(name)s: %(share)s of the target") % {"name": line.name, "share": percent(line.attainment)}
    return ShownPerson(line, meter(line.attainment, label, tone))


def _other_kpis(user: Any, period: Period, risk: list[RiskLine], currency: str) -> list[Kpi]:
    kpis = []
    if new_contacts(period).usable(user):
        now, before = count_new_contacts(user, period)
        kpis.append(
            counted(
                "new_contacts",
                _("New contacts"),
                now,
                new_contacts(period),
                delta=relative(now, before),
                against=_("vs. %(count)s in %(period)s")
                % {"count": whole_number(before), "period": period.previous.label},
                against_url=new_contacts(period.previous).url(),
            )
        )
    tickets = ticket_counts(user)
    if tickets is not None:
        kpis.append(counted("tickets_open", _("Open tickets"), tickets.open, OPEN_TICKETS, note=_("now")))
        kpis.append(
            counted(
                "tickets_overdue",
                _("Overdue tickets"),
                tickets.overdue,
                OVERDUE_TICKETS,
                note=_("past their next deadline"),
            )
        )
    kpis += _satisfaction_kpi(user, period)
    kpis += [_risk_kpi(line, currency) for line in risk[:1]]
    return kpis


def _satisfaction_kpi(user: Any, period: Period) -> list[Kpi]:
    """The share of survey answers with 4 or 5 of 5; left out where the viewer sees none, or nobody answered."""
    found = satisfaction(user, period)
    if found is None or not found[0].answers:
        return []
    now, before = found
    note = ngettext("%(happy)s of %(n)s answer", "%(happy)s of %(n)s answers", now.answers)
    delta = against = None
    if now.share is not None and before.share is not None:
        points = round((now.share - before.share) * 100, 1)
        delta = delta_of(points, _("%(points)s pts") % {"points": abs(points)})
        against = _("vs. %(rate)s in %(period)s") % {
            "rate": percent(before.share, 1), "period": period.previous.label,
        }  # fmt: skip
    return [
        Kpi(
            "satisfaction",
            _("Satisfied customers"),
            percent(now.share, 1),
            percent(now.share, 1),
            answered_in(period).url(),
            delta,
            against or "",
            answered_in(period.previous).url() if against else "",
            note % {"happy": whole_number(now.satisfied), "n": whole_number(now.answers)},
        )
    ]


def _risk_kpi(line: RiskLine, currency: str) -> Kpi:
    label = _("Contacts at risk") if line.record_type == "contact" else _("Companies at risk")
    note = _("worth %(amount)s in the next 12 months") % {"amount": money_short(line.value, currency)}
    return counted("at_risk", label, line.customers, line.link, note=note)


def _rates_note(currency: str, newest: date | None) -> str:
    if newest is None:
        return _("Amounts in %(currency)s, each at the rate of its own day") % {"currency": currency}
    return _("Amounts in %(currency)s, each at the rate of its own day, the newest of %(date)s") % {
        "currency": currency,
        "date": formats.date_format(newest, "j M Y"),
    }
