from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.lifetime_value.gamma_gamma import GammaGamma, _Likelihood, correlation, fit
from analytics.lifetime_value.rfm import summarise
from analytics.tests.transactions import CDNOW_SPLIT, cdnow_sample

CDNOW = GammaGamma(p=6.25, q=3.744, gamma=15.444)


def test_fit_recovers_the_parameters_of_made_up_customers():
    rng = np.random.default_rng(3)
    truth = GammaGamma(p=5.0, q=4.0, gamma=30.0)
    purchases = rng.integers(1, 12, 40_000)
    scale = rng.gamma(truth.q, 1 / truth.gamma, 40_000)
    mean_spend = rng.gamma(truth.p * purchases, 1 / scale) / purchases
    model = fit(purchases, mean_spend)
    assert model.converged
    assert model.p == pytest.approx(truth.p, rel=0.03)
    assert model.q == pytest.approx(truth.q, rel=0.03)
    assert model.gamma == pytest.approx(truth.gamma, rel=0.05)


def test_fit_gives_the_published_parameters_of_cdnow(sample_data):
    made = cdnow_sample(sample_data)
    summary = summarise(made.customer, made.day, made.amount, end_day=CDNOW_SPLIT.toordinal())
    model = fit(summary.frequency, summary.repeat_mean_spend)
    assert (round(model.p, 2), round(model.q, 3), round(model.gamma, 3)) == (6.25, 3.744, 15.444)


def test_fit_scales_with_the_currency():
    rng = np.random.default_rng(4)
    purchases, mean_spend = rng.integers(1, 9, 500), rng.gamma(3.0, 10.0, 500)
    dear, cheap = fit(purchases, mean_spend * 1000), fit(purchases, mean_spend)
    assert dear.p == pytest.approx(cheap.p, rel=1e-6)
    assert dear.gamma == pytest.approx(1000 * cheap.gamma, rel=1e-6)
    assert dear.log_likelihood == pytest.approx(cheap.log_likelihood - 500 * math.log(1000), rel=1e-9)


def test_fit_refuses_customers_who_all_spend_the_same():
    with pytest.raises(ValueError, match="differ"):
        fit(np.array([1, 2, 3]), np.array([5.0, 5.0, 5.0]))


def test_derivatives_equal_finite_differences():
    likelihood, at = _Likelihood(np.array([1, 3, 8]), np.array([0.5, 1.1, 2.0])), np.array([4.0, 3.0, 1.5])
    _, gradient, hessian = likelihood(at)
    for index in range(3):
        step = np.zeros(3)
        step[index] = 1e-5
        above, below = likelihood(at + step), likelihood(at - step)
        assert gradient[index] == pytest.approx((above[0] - below[0]) / 2e-5, rel=1e-5)
        assert hessian[index] == pytest.approx((above[1] - below[1]) / 2e-5, rel=1e-4, abs=1e-7)


def test_expected_spend_lies_between_the_customers_and_the_populations_mean():
    # (γ + m x) p / (p x + q - 1) for x = 2, m = 22.35, and the population's 35.177 for x = 0.
    expected = CDNOW.expected_spend(np.array([2, 0]), np.array([22.35, 0.0]))
    assert expected[0] == pytest.approx(6.25 * (15.444 + 44.7) / (12.5 + 2.744), rel=1e-12)
    assert expected[1] == pytest.approx(CDNOW.population_mean, rel=1e-12)
    assert round(CDNOW.population_mean, 3) == 35.177


def test_expected_spend_takes_the_populations_where_cancellations_ate_the_mean():
    assert CDNOW.expected_spend(np.array([3]), np.array([-4.0]))[0] == pytest.approx(CDNOW.population_mean)


def test_correlation_is_that_of_customers_with_a_spend():
    assert correlation(np.array([1, 2, 3, 9]), np.array([1.0, 2.0, 3.0, 0.0])) == pytest.approx(1.0)
    assert correlation(np.array([2, 2]), np.array([1.0, 2.0])) == 0.0
