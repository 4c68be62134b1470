from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gammaln

from analytics.lifetime_value.holdout import split
from analytics.lifetime_value.model import compare
from analytics.lifetime_value.pareto_nbd import ParetoNbd, _row_log_likelihoods, _Rows, fit
from analytics.lifetime_value.rfm import summarise
from analytics.tests.transactions import CDNOW_SPLIT, Transactions, cdnow_sample

CDNOW = ParetoNbd(r=0.5533, alpha=74.05, s=0.6062, beta=81.68)
MIRRORED = ParetoNbd(r=0.5533, alpha=90.0, s=0.6062, beta=40.0)


def simulate(truth: ParetoNbd, customers: int, *, days: int, seed: int) -> Transactions:
    rng = np.random.default_rng(seed)
    rate = rng.gamma(truth.r, 1 / truth.alpha, customers)
    end = np.minimum(rng.exponential(1 / rng.gamma(truth.s, 1 / truth.beta, customers)), days)
    count = rng.poisson(rate * end)
    later = np.repeat(np.arange(customers), count)
    day = np.floor(rng.random(len(later)) * end[later]).astype(np.int64)
    customer = np.concatenate((np.arange(customers), later))
    return Transactions(
        customer, np.concatenate((np.zeros(customers, dtype=np.int64), day)), np.ones(len(customer))
    )


@pytest.mark.parametrize("model", [CDNOW, MIRRORED], ids=["alpha<beta", "alpha>beta"])
@pytest.mark.parametrize(("x", "recency", "age"), [(0, 0, 270), (2, 213, 272), (26, 100, 201), (5, 90, 90)])
def test_likelihood_equals_the_integral_over_the_unseen_end(model, x, recency, age):
    r, alpha, s, beta = model.r, model.alpha, model.s, model.beta

    def ended_at(t: float) -> float:
        return s * (alpha + t) ** -(r + x) * (beta + t) ** -(s + 1) * scale

    # Scaled to about 1, for the quadrature's sake.
    scale = (alpha + recency) ** (r + x) * (beta + recency) ** s
    gone, _ = quad(ended_at, recency, age)
    alive = (alpha + age) ** -(r + x) * (beta + age) ** -s * scale
    expected = float(gammaln(r + x) - gammaln(r)) + r * math.log(alpha) + s * math.log(beta)
    expected += math.log(alive + gone) - math.log(scale)
    rows = _Rows(np.array([x]), np.array([recency]), np.array([age]))
    got = _row_log_likelihoods(np.array([r, alpha, s, beta]), rows)[0]
    assert got == pytest.approx(expected, abs=1e-8)
    chance = model.probability_alive(np.array([x]), np.array([recency]), np.array([age]))[0]
    assert chance == pytest.approx(alive / (alive + gone), rel=1e-8)


def test_fit_recovers_the_parameters_of_made_up_customers():
    truth = ParetoNbd(r=1.2, alpha=60.0, s=0.9, beta=120.0)
    made = simulate(truth, 50_000, days=700, seed=5)
    model = fit(summarise(made.customer, made.day, made.amount, end_day=700))
    assert model.converged
    # Purchases of one day are merged: a little fewer than were made.
    assert model.r == pytest.approx(truth.r, rel=0.08)
    assert model.alpha == pytest.approx(truth.alpha, rel=0.08)
    assert model.s == pytest.approx(truth.s, rel=0.08)
    assert model.beta == pytest.approx(truth.beta, rel=0.15)


def test_fit_refuses_customers_who_never_came_back():
    with pytest.raises(ValueError, match="second day"):
        fit(summarise([1, 2], [1, 2], [5, 5], end_day=9))


def test_expected_purchases_follow_the_closed_form():
    x, recency, age = np.array([2]), np.array([213]), np.array([272])
    alive = CDNOW.probability_alive(x, recency, age)[0]
    rate = (CDNOW.r + 2) / (CDNOW.alpha + 272) * (CDNOW.beta + 272) / (CDNOW.s - 1)
    by_hand = rate * (1 - ((CDNOW.beta + 272) / (CDNOW.beta + 272 + 90)) ** (CDNOW.s - 1)) * alive
    assert CDNOW.expected_purchases(x, recency, age, 90.0)[0] == pytest.approx(by_hand, rel=1e-10)


def test_fit_gives_the_published_parameters_of_cdnow(sample_data):
    made = cdnow_sample(sample_data)
    summary = summarise(made.customer, made.day, made.amount, end_day=CDNOW_SPLIT.toordinal())
    model = fit(summary)
    assert round(model.r, 3) == 0.553
    assert round(model.alpha / 7, 2) == 10.58
    assert round(model.s, 3) == 0.606
    assert round(model.beta / 7, 2) == 11.67
    in_weeks = model.log_likelihood + float(summary.frequency.sum()) * math.log(7)
    assert round(in_weeks, 2) == -9594.98


def test_compare_puts_the_better_model_first(sample_data):
    made = cdnow_sample(sample_data)
    best, other = compare(
        split(made.customer, made.day, made.amount, at_day=CDNOW_SPLIT.toordinal(), days=273)
    )
    assert (best.name, other.name) == ("pareto_nbd", "bg_nbd")
    assert round(best.score.mean_absolute_error, 4) == 0.7545
    assert round(other.score.mean_absolute_error, 4) == 0.7855
    assert best.score.correlation is not None
    assert round(best.score.correlation, 4) == 0.6302
