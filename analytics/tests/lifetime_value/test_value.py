from __future__ import annotations

import numpy as np
import pytest

from analytics.lifetime_value import BgNbd, lifetime_value
from analytics.lifetime_value.bg_nbd import fit
from analytics.lifetime_value.holdout import evaluate, split
from analytics.lifetime_value.rfm import summarise
from analytics.tests.transactions import CDNOW_SPLIT, cdnow_sample

CDNOW = BgNbd(r=0.2426, alpha=30.8952, a=0.7929, b=2.4259)


def test_lifetime_value_discounts_each_month_of_thirty_days():
    summary = summarise([1, 1, 2], [0, 200, 100], [10, 10, 10], end_day=272)
    purchases = [
        CDNOW.expected_purchases(summary.frequency, summary.recency, summary.age, 30.0 * month)
        for month in range(4)
    ]
    by_hand = sum((purchases[m] - purchases[m - 1]) / 1.02**m for m in (1, 2, 3)) * np.array([5.0, 7.0])
    value = lifetime_value(CDNOW, summary, np.array([5.0, 7.0]), months=3, monthly_discount=0.02)
    assert value == pytest.approx(by_hand, rel=1e-10)


def test_lifetime_value_without_discount_is_spend_times_purchases():
    summary = summarise([1, 1], [0, 200], [10, 10], end_day=272)
    expected = CDNOW.expected_purchases(summary.frequency, summary.recency, summary.age, 360.0)
    value = lifetime_value(CDNOW, summary, np.array([3.0]), monthly_discount=0.0)
    assert value == pytest.approx(3.0 * expected, rel=1e-12)


def test_split_knows_nothing_of_the_days_after_it():
    held = split(
        np.array([1, 1, 2, 1, 2, 3, 1]),
        np.array([1, 5, 4, 11, 12, 12, 31]),
        np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]),
        at_day=10,
        days=20,
    )
    assert held.summary.customer.tolist() == [1, 2]
    assert held.summary.frequency.tolist() == [1, 0]
    assert held.purchases.tolist() == [1, 1]
    assert held.spend.tolist() == [4.0, 5.0]


def test_evaluate_tells_errors_and_bias():
    score = evaluate(np.array([0, 2, 4]), np.array([1.0, 2.0, 6.0]))
    assert score.mean_absolute_error == 1.0
    assert score.root_mean_square_error == pytest.approx((5 / 3) ** 0.5)
    assert score.total_error == 0.5


def test_holdout_of_cdnow_has_the_known_errors(sample_data):
    made = cdnow_sample(sample_data)
    held = split(made.customer, made.day, made.amount, at_day=CDNOW_SPLIT.toordinal(), days=273)
    summary = held.summary
    expected = fit(summary).expected_purchases(summary.frequency, summary.recency, summary.age, 273.0)
    score = evaluate(held.purchases, expected)
    assert round(score.mean_absolute_error, 4) == 0.7855
    assert round(score.root_mean_square_error, 3) == 1.608
    assert score.correlation is not None
    assert round(score.correlation, 4) == 0.6256
    assert score.total_error is not None
    assert round(score.total_error, 3) == -0.121
