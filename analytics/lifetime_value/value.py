"""Customer lifetime value: expected purchases times expected spend, later money counting less."""

from __future__ import annotations

from .model import PurchaseModel
from .rfm import FloatArray, RfmSummary

DAYS_PER_MONTH = 30.0


def discounted_purchases(
    model: PurchaseModel, summary: RfmSummary, *, months: int = 12, monthly_discount: float = 0.01
) -> FloatArray:
    """Expected purchases of the coming `months` of 30 days; those of month i count (1 + discount)^-i."""
    until = [DAYS_PER_MONTH * month for month in range(1, months + 1)]
    weights = [(1.0 + monthly_discount) ** -month for month in range(1, months + 1)]
    return model.discounted_purchases(summary.frequency, summary.recency, summary.age, until, weights)


def lifetime_value(
    model: PurchaseModel,
    summary: RfmSummary,
    spend: FloatArray,
    *,
    months: int = 12,
    monthly_discount: float = 0.01,
) -> FloatArray:
    """Discounted value of the coming `months`, in the currency of `spend` (expected spend per purchase).

    A discount of 1 % a month is about 12.7 % a year.
    """
    return spend * discounted_purchases(model, summary, months=months, monthly_discount=monthly_discount)
