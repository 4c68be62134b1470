"""Churn risk in words, and the condition that selects each word's customers."""

from django.db.models import Q

from analytics.enums import ChurnBand
from analytics.rules import AT_RISK, WATCHED
from contacts.enums import MetricStatus
from contacts.models import CustomerMetric


def band_of(metric: CustomerMetric | None) -> ChurnBand:
    """The band of a metric; without one, or without data enough, it is unknown."""
    if metric is None or metric.status != MetricStatus.SCORED or metric.churn is None:
        return ChurnBand.UNKNOWN
    if metric.churn >= AT_RISK:
        return ChurnBand.AT_RISK
    return ChurnBand.WATCHED if metric.churn >= WATCHED else ChurnBand.SAFE


def in_band(band: str, prefix: str = "metric__") -> Q:
    """Records whose metric (at the ORM path `prefix`) is in the band: exactly those `band_of` says."""
    scored = Q(**{f"{prefix}status": MetricStatus.SCORED})
    if band == ChurnBand.AT_RISK:
        return scored & Q(**{f"{prefix}churn__gte": AT_RISK})
    if band == ChurnBand.WATCHED:
        return scored & Q(**{f"{prefix}churn__gte": WATCHED, f"{prefix}churn__lt": AT_RISK})
    if band == ChurnBand.SAFE:
        return scored & Q(**{f"{prefix}churn__lt": WATCHED})
    return Q(**{f"{prefix}status": MetricStatus.NOT_ENOUGH_DATA})
