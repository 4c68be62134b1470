from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from analytics.churn import chance_of_no_purchase
from analytics.churn.chance import logit_of_no_purchase
from analytics.churn.holdout import evaluate
from analytics.churn.sufficiency import enough_orders, why_not_fitted
from analytics.lifetime_value import BgNbd, fit_bg_nbd, summarise
from analytics.lifetime_value.holdout import split
from analytics.tests.transactions import cdnow_sample

MODEL = BgNbd(r=0.2426, alpha=30.8952, a=0.7929, b=2.4259)


def test_chance_is_that_of_no_event_at_the_expected_rate():
    x, recency, age = np.array([2]), np.array([213]), np.array([272])
    expected = MODEL.expected_purchases(x, recency, age, 90.0)[0]
    chance = chance_of_no_purchase(MODEL, x, recency, age, days=90.0)[0]
    assert chance == pytest.approx(math.exp(-expected), rel=1e-12)
    logit = logit_of_no_purchase(MODEL, x, recency, age, days=90.0)[0]
    assert logit == pytest.approx(math.log(chance / (1 - chance)), rel=1e-9)


def test_chance_never_claims_certainty():
    logit = logit_of_no_purchase(MODEL, np.array([900]), np.array([10]), np.array([900]), days=90.0)[0]
    assert logit == pytest.approx(math.log(1e6), rel=1e-5)


def test_evaluate_gives_the_chance_of_the_right_order():
    score = evaluate(np.array([True, False, True, False]), np.array([0.9, 0.2, 0.6, 0.6]))
    assert score.auc == pytest.approx(3.5 / 4)
    assert score.log_loss == pytest.approx(
        -(math.log(0.9) + math.log(0.8) + math.log(0.6) + math.log(0.4)) / 4
    )
    assert (score.mean_chance, score.share_away) == (pytest.approx(0.575), 0.5)


def test_evaluate_has_no_order_to_judge_when_all_did_the_same():
    assert evaluate(np.array([True, True]), np.array([0.5, 0.7])).auc is None


def test_holdout_of_cdnow_has_the_known_quality(sample_data):
    made = cdnow_sample(sample_data)
    held = split(made.customer, made.day, made.amount, at_day=date(1997, 12, 31).toordinal(), days=180)
    s = held.summary
    chance = chance_of_no_purchase(fit_bg_nbd(s), s.frequency, s.recency, s.age, days=180.0)
    score = evaluate(held.purchases == 0, chance)
    assert score.auc is not None
    assert score.auc > 0.79
    assert score.log_loss < 0.44


def test_why_not_fitted_wants_repeat_customers_and_days():
    few = summarise(np.repeat(np.arange(29), 2), np.tile([0, 100], 29), np.ones(58), end_day=200)
    short = summarise(np.repeat(np.arange(30), 2), np.tile([0, 50], 30), np.ones(60), end_day=89)
    enough = summarise(np.repeat(np.arange(30), 2), np.tile([0, 50], 30), np.ones(60), end_day=90)
    assert why_not_fitted(few) == "few_repeat_customers"
    assert why_not_fitted(short) == "short_history"
    assert why_not_fitted(enough) == ""


def test_enough_orders_wants_two_days():
    summary = summarise([1, 1, 2], [0, 9, 4], [1, 1, 1], end_day=10)
    assert enough_orders(summary).tolist() == [True, False]
