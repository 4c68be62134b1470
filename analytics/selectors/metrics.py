"""A customer's metric, ready for a page."""

from dataclasses import dataclass
from typing import Any

from analytics.enums import ChurnBand
from analytics.models import ModelRun
from analytics.selectors.bands import band_of
from analytics.words import BAND_TONES, NO_MODEL, ReasonWords, reason_words
from contacts.enums import MetricStatus
from contacts.models import Company, Contact, CustomerMetric
from core.scope.access import profile_for
from core.ui.markup import percent

LARGEST_SHOWN = 0.99


@dataclass(frozen=True)
class MetricCard:
    """What the panel beside a customer shows. `missing` says why there is no forecast of their own."""

    metric: CustomerMetric
    band: ChurnBand
    tone: str
    reasons: list[ReasonWords]
    missing: str

    @property
    def churn_text(self) -> str:
        """Never 100 % nor 0 %: nobody knows that."""
        churn = self.metric.churn
        if churn is None:
            return ""
        if churn > LARGEST_SHOWN:
            return f"> {percent(LARGEST_SHOWN)}"
        return f"< {percent(1 - LARGEST_SHOWN)}" if churn < 1 - LARGEST_SHOWN else percent(churn)


def metric_card(record: Contact | Company, user: Any) -> MetricCard | None:
    """The card of a contact or company; None without orders or where the role hides metrics. One query, two
    where no model could be fitted."""
    if "metric" in profile_for(user).hidden_fields(record.record_type):
        return None
    metrics = CustomerMetric.objects.visible_to(user).filter(**{record.record_type: record})
    metric: CustomerMetric | None = metrics.first()
    if metric is None:
        return None
    band = band_of(metric)
    return MetricCard(
        metric=metric,
        band=band,
        tone=BAND_TONES[band],
        reasons=[reason_words(reason, metric.currency) for reason in metric.reasons],
        missing=_missing(metric),
    )


def _missing(metric: CustomerMetric) -> str:
    if metric.status == MetricStatus.SCORED:
        return ""
    if metric.churn is not None:
        return "single_order"
    if not metric.orders:
        return "all_cancelled"
    reason = ModelRun.objects.filter(pk=metric.run_id or 0).values_list("reason", flat=True).first()
    return str(NO_MODEL.get(reason or "", ""))
