from __future__ import annotations

import numpy as np
import pytest

from analytics.churn import TypicalCustomer, explain, typical_customer
from analytics.churn.chance import logit_of_no_purchase
from analytics.lifetime_value import BgNbd, summarise

MODEL = BgNbd(r=0.2426, alpha=30.8952, a=0.7929, b=2.4259)
TYPICAL = TypicalCustomer(days_since_last=60, usual_gap=40.0, frequency=3, mean_spend=20.0)


def customers(*rows: tuple[int, int, int]) -> tuple[np.ndarray, ...]:
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def test_contributions_add_up_to_the_logit():
    x, recency, age = customers((0, 0, 10), (1, 100, 400), (8, 300, 310), (40, 200, 360), (2, 1, 2))
    reasons = explain(MODEL, x, recency, age, typical=TYPICAL, days=90.0)
    assert reasons.baseline + reasons.contributions.sum(axis=1) == pytest.approx(reasons.logit, abs=1e-9)
    assert reasons.logit == pytest.approx(logit_of_no_purchase(MODEL, x, recency, age, days=90.0), abs=1e-12)


def test_the_typical_customer_has_no_reasons():
    x, recency, age = customers((3, 120, 180))
    reasons = explain(MODEL, x, recency, age, typical=TYPICAL, days=90.0)
    assert reasons.contributions[0] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    assert reasons.logit[0] == pytest.approx(reasons.baseline)


def test_one_unusual_input_is_the_only_reason():
    x, recency, age = customers((3, 120, 320))
    reasons = explain(MODEL, x, recency, age, typical=TYPICAL, days=90.0)
    since, gap, orders = reasons.contributions[0]
    assert since == pytest.approx(reasons.logit[0] - reasons.baseline)
    assert since > 0
    assert (gap, orders) == (pytest.approx(0.0, abs=1e-12), pytest.approx(0.0, abs=1e-12))


def test_a_single_order_has_no_gap_to_judge():
    x, recency, age = customers((0, 0, 60))
    reasons = explain(MODEL, x, recency, age, typical=TYPICAL, days=90.0)
    assert reasons.contributions[0][1] == pytest.approx(0.0, abs=1e-12)


def test_typical_customer_is_the_median_of_those_who_came_back():
    summary = summarise(
        [1, 1, 2, 2, 2, 3, 3, 4],
        [0, 10, 0, 20, 40, 50, 80, 5],
        [10, 30, 5, 5, 5, 100, 100, 999],
        end_day=100,
    )
    assert typical_customer(summary) == TypicalCustomer(
        days_since_last=60, usual_gap=20.0, frequency=1, mean_spend=20.0
    )


def test_typical_customer_needs_somebody_who_came_back():
    with pytest.raises(ValueError, match="second day"):
        typical_customer(summarise([1], [0], [1.0], end_day=5))
