"""Scores as rows of CustomerMetric, not yet written."""

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from analytics.churn import INPUTS, TypicalCustomer
from analytics.churn.sufficiency import LEAST_ORDERS
from analytics.enums import ReasonCode
from analytics.lifetime_value import RfmSummary
from analytics.lifetime_value.quintiles import RfmScores
from analytics.models import ModelRun
from analytics.scoring import CustomerScores
from analytics.selectors.purchases import date_of
from contacts.enums import MetricStatus
from contacts.models import CustomerMetric

CENT = Decimal("0.01")


def metrics_of(
    model_run: ModelRun,
    summary: RfmSummary,
    grades: RfmScores,
    scores: CustomerScores | None,
    typical: TypicalCustomer | None,
) -> list[CustomerMetric]:
    """One metric per customer of the summary.

    Without scores, or with a single order, the status is "not enough data"; the figures of a single order
    are then those of an average customer of that age, without reasons.
    """
    return [_metric(model_run, summary, grades, scores, typical, at) for at in range(len(summary.customer))]


def metric_without_model(model_run: ModelRun, customer: int) -> CustomerMetric:
    """For somebody whose every order was cancelled."""
    return CustomerMetric(
        **{f"{model_run.population}_id": customer},
        **_run_fields(model_run),
        status=MetricStatus.NOT_ENOUGH_DATA,
    )


def _metric(
    model_run: ModelRun,
    summary: RfmSummary,
    grades: RfmScores,
    scores: CustomerScores | None,
    typical: TypicalCustomer | None,
    at: int,
) -> CustomerMetric:
    repeats = int(summary.frequency[at])
    known = scores is not None and repeats + 1 >= LEAST_ORDERS
    metric = CustomerMetric(
        **{f"{model_run.population}_id": int(summary.customer[at])},
        **_run_fields(model_run),
        status=MetricStatus.SCORED if known else MetricStatus.NOT_ENOUGH_DATA,
        orders=repeats + 1,
        first_order_at=_moment(int(summary.first_day[at])),
        last_order_at=_moment(int(summary.first_day[at] + summary.recency[at])),
        usual_gap_days=float(summary.recency[at] / repeats) if repeats else None,
        total_spend=_money(summary.total[at]),
        average_order=_money(summary.total[at] / (repeats + 1)),
        recency_score=int(grades.recency[at]),
        frequency_score=int(grades.frequency[at]),
        monetary_score=int(grades.money[at]),
    )
    if scores is not None:
        metric.lifetime_value = _money(scores.lifetime_value[at])
        metric.expected_orders = float(scores.expected_orders[at])
        metric.alive = float(scores.alive[at])
        metric.churn = float(scores.churn[at])
        if known and typical is not None:
            metric.reasons = _reasons(summary, scores, typical, at)
    return metric


def _run_fields(model_run: ModelRun) -> dict[str, Any]:
    return {
        "as_of": datetime.combine(model_run.as_of, time.min, tzinfo=UTC),
        "run_id": model_run.pk,
        "horizon_days": model_run.horizon_days,
        "currency": model_run.currency,
    }


def _reasons(
    summary: RfmSummary, scores: CustomerScores, typical: TypicalCustomer, at: int
) -> list[dict[str, Any]]:
    """Strongest first. `effect` is the share in the churn logit (above 0: riskier than the typical customer);
    that of the value is 0, as the model holds spend to be independent of staying."""
    own = {
        "last_order": (int(summary.days_since_last[at]), typical.days_since_last),
        "usual_gap": (
            round(float(summary.recency[at] / summary.frequency[at]), 1),
            round(typical.usual_gap, 1),
        ),
        "orders": (int(summary.purchases[at]), typical.frequency + 1),
    }
    effects = dict(zip(INPUTS, scores.contributions[at], strict=True))
    reasons: list[dict[str, Any]] = [
        {
            "code": ReasonCode(name).value,
            "own": mine,
            "typical": usual,
            "effect": round(float(effects[name]), 4),
        }
        for name, (mine, usual) in own.items()
    ]
    reasons.sort(key=lambda reason: -abs(reason["effect"]))
    spend = {"own": round(float(summary.mean_spend[at]), 2), "typical": round(typical.mean_spend, 2)}
    return [*reasons, {"code": ReasonCode.VALUE.value, **spend, "effect": 0.0}]


def _moment(day: int) -> datetime:
    return datetime.combine(date_of(day), time.min, tzinfo=UTC)


def _money(amount: float) -> Decimal:
    return Decimal(repr(float(amount))).quantize(CENT)
