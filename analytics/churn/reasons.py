"""Why a chance of churn is what it is, in the model's own terms.

BG/NBD knows three things of a customer: how long ago they last ordered, their usual gap between orders, and
how many orders there were. Each is compared with the typical repeat customer (the medians). A contribution
is the Shapley value of that input: the change of the churn logit when it goes from the typical to the
customer's own value, averaged over all orders in which the three can be exchanged. The contributions and
the typical customer's logit add up to the customer's logit. Spend per order has no part in it: the model
holds spend to be independent of buying, and it moves the lifetime value alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import factorial

import numpy as np

from analytics.lifetime_value.model import PurchaseModel
from analytics.lifetime_value.rfm import FloatArray, IntArray, RfmSummary

from .chance import logit_of_no_purchase

INPUTS = ("last_order", "usual_gap", "orders")


@dataclass(frozen=True, slots=True)
class TypicalCustomer:
    """Medians of the customers with a repeat purchase: days, days, repeat purchases, money per order."""

    days_since_last: int
    usual_gap: float
    frequency: int
    mean_spend: float


@dataclass(frozen=True, slots=True)
class Reasons:
    """`contributions` has a column per name in `INPUTS`: above 0 raises the chance of churn.

    logit == baseline + contributions.sum(axis=1), to rounding.
    """

    baseline: float
    logit: FloatArray
    contributions: FloatArray


def typical_customer(summary: RfmSummary) -> TypicalCustomer:
    """Raises ValueError when nobody has bought twice."""
    repeat = summary.frequency > 0
    if not repeat.any():
        raise ValueError("no customer has bought on a second day")
    return TypicalCustomer(
        days_since_last=round(float(np.median(summary.days_since_last[repeat]))),
        usual_gap=float(np.median(summary.recency[repeat] / summary.frequency[repeat])),
        frequency=max(1, round(float(np.median(summary.frequency[repeat])))),
        mean_spend=float(np.median(summary.mean_spend[repeat])),
    )


def explain(
    model: PurchaseModel,
    frequency: IntArray,
    recency: IntArray,
    age: IntArray,
    *,
    typical: TypicalCustomer,
    days: float,
) -> Reasons:
    """Reasons for each customer's chance of no purchase in the next `days`.

    A customer with one order has no gap of their own; the typical one stands in and contributes nothing.
    """
    own_gap = np.divide(
        recency, frequency, out=np.full(len(frequency), typical.usual_gap), where=frequency > 0
    )
    choices = (
        (np.full_like(age, typical.days_since_last), age - recency),
        (np.full(len(age), typical.usual_gap), own_gap),
        (np.full_like(frequency, typical.frequency), frequency),
    )
    logits = {
        own: _logit(model, *(pair[bit] for pair, bit in zip(choices, own, strict=True)), days=days)
        for own in product((0, 1), repeat=len(INPUTS))
    }
    contributions = np.column_stack([_shapley(logits, index) for index in range(len(INPUTS))])
    baseline = float(logits[0, 0, 0][0]) if len(age) else 0.0
    return Reasons(baseline=baseline, logit=logits[1, 1, 1], contributions=contributions)


def _logit(
    model: PurchaseModel, since: IntArray, gap: FloatArray, frequency: IntArray, *, days: float
) -> FloatArray:
    recency = np.rint(gap * frequency).astype(np.int64)
    return logit_of_no_purchase(model, frequency, recency, recency + since, days=days)


def _shapley(logits: dict[tuple[int, ...], FloatArray], index: int) -> FloatArray:
    """Average change of the logit by input `index` over the orders in which inputs become the own."""
    count = len(INPUTS)
    total = np.zeros_like(logits[(0,) * count])
    for others in product((0, 1), repeat=count - 1):
        with_input = (*others[:index], 1, *others[index:])
        without = (*others[:index], 0, *others[index:])
        size = sum(others)
        weight = factorial(size) * factorial(count - size - 1) / factorial(count)
        total += weight * (logits[with_input] - logits[without])
    return total
