"""Learn from the past up to a day, predict the days after it, and compare with what happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .rfm import FloatArray, IntArray, RfmSummary, summarise


@dataclass(frozen=True, slots=True)
class Holdout:
    """`summary` knows nothing of the days after the split; the rest is what those brought each customer."""

    summary: RfmSummary
    days: int
    purchases: IntArray
    spend: FloatArray


@dataclass(frozen=True, slots=True)
class PurchaseScore:
    """Errors in purchases per customer; `total_error` is (predicted - actual) / actual of the sums."""

    mean_absolute_error: float
    root_mean_square_error: float
    correlation: float | None
    total_error: float | None


def split(customer: IntArray, day: IntArray, amount: FloatArray, *, at_day: int, days: int) -> Holdout:
    """Summarise up to and including `at_day`; count purchase days and spend in the `days` after it.

    Customers whose first purchase lies after the split are left out: nothing was known of them.
    """
    summary = summarise(customer, day, amount, end_day=at_day)
    later = (day > at_day) & (day <= at_day + days) & np.isin(customer, summary.customer)
    after = summarise(customer[later], day[later], amount[later], end_day=at_day + days)
    purchases = np.zeros(len(summary), dtype=np.int64)
    spend = np.zeros(len(summary), dtype=np.float64)
    place = np.searchsorted(summary.customer, after.customer)
    purchases[place] = after.purchases
    spend[place] = after.total
    return Holdout(summary, days, purchases, spend)


def evaluate(actual: IntArray, expected: FloatArray) -> PurchaseScore:
    """Compare expected with actual purchases of at least one customer."""
    error = expected - actual
    varied = np.ptp(actual) > 0 and np.ptp(expected) > 0
    total = int(actual.sum())
    return PurchaseScore(
        mean_absolute_error=float(np.abs(error).mean()),
        root_mean_square_error=float(np.sqrt(np.mean(error**2))),
        correlation=float(np.corrcoef(actual, expected)[0, 1]) if varied else None,
        total_error=float(error.sum()) / total if total else None,
    )
