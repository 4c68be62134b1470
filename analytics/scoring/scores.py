"""What to expect of single customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.churn import explain
from analytics.lifetime_value import RfmSummary
from analytics.lifetime_value.rfm import FloatArray
from analytics.lifetime_value.value import DAYS_PER_MONTH, discounted_purchases

from .fitting import FittedModels

MONTHS = 12
MONTHLY_DISCOUNT = 0.01


@dataclass(frozen=True, slots=True)
class CustomerScores:
    """One element per customer of the summary given.

    `expected_orders` are those of the next twelve months of 30 days, undiscounted; `lifetime_value` their
    discounted value (1 % a month) in the currency of the input; `churn` is the chance of no order within
    the horizon; `contributions` has a column per name of `churn.INPUTS`.
    """

    alive: FloatArray
    churn: FloatArray
    expected_orders: FloatArray
    expected_spend: FloatArray
    lifetime_value: FloatArray
    contributions: FloatArray


def score(models: FittedModels, summary: RfmSummary, *, horizon_days: int) -> CustomerScores:
    """Score the customers of `summary` by models that were fitted to all of them."""
    x, recency, age = summary.frequency, summary.recency, summary.age
    reasons = explain(models.buying, x, recency, age, typical=models.typical, days=float(horizon_days))
    spend = models.expected_spend(summary)
    orders = discounted_purchases(models.buying, summary, months=MONTHS, monthly_discount=MONTHLY_DISCOUNT)
    return CustomerScores(
        alive=models.buying.probability_alive(x, recency, age),
        churn=1.0 / (1.0 + np.exp(-reasons.logit)),
        expected_orders=models.buying.expected_purchases(x, recency, age, DAYS_PER_MONTH * MONTHS),
        expected_spend=spend,
        lifetime_value=spend * orders,
        contributions=reasons.contributions,
    )
