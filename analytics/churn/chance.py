"""Churn of customers without a contract: the chance that a horizon passes without a purchase."""

from __future__ import annotations

import numpy as np

from analytics.lifetime_value.model import PurchaseModel
from analytics.lifetime_value.rfm import FloatArray, IntArray

# Below this the chance of staying away is 0.999999: more digits would claim what no model of this kind knows.
LEAST_EXPECTED = 1e-6


def chance_of_no_purchase(
    model: PurchaseModel, frequency: IntArray, recency: IntArray, age: IntArray, *, days: float
) -> FloatArray:
    """exp(-E), with E the purchases that BG/NBD expects of this customer in the next `days`.

    It ranks and calibrates better on held-out data than the model's exact chance of none
    (`BgNbd.probability_of_no_purchase`), and P(alive) is no churn score at all: see README.md.
    """
    return np.exp(-_expected(model, frequency, recency, age, days))


def logit_of_no_purchase(
    model: PurchaseModel, frequency: IntArray, recency: IntArray, age: IntArray, *, days: float
) -> FloatArray:
    """ln(p / (1 - p)) of `chance_of_no_purchase`, exact also where p is next to 1."""
    expected = _expected(model, frequency, recency, age, days)
    return -expected - np.log(-np.expm1(-expected))


def _expected(
    model: PurchaseModel, frequency: IntArray, recency: IntArray, age: IntArray, days: float
) -> FloatArray:
    expected = model.expected_purchases(frequency, recency, age, days)
    return np.maximum(expected, LEAST_EXPECTED)
