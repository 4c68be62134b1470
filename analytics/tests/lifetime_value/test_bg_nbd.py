from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gammaln, hyp2f1

from analytics.lifetime_value.bg_nbd import BgNbd, _Likelihood, fit
from analytics.lifetime_value.rfm import summarise
from analytics.tests.transactions import CDNOW_SPLIT, cdnow_sample, simulate

CDNOW = BgNbd(r=0.2426, alpha=4.4136 * 7, a=0.7929, b=2.4259)


def as_ints(*values: int) -> tuple[np.ndarray, ...]:
    return tuple(np.array([value]) for value in values)


def plain_log_likelihood(model: BgNbd, x: int, recency: float, age: float) -> float:
    """Equation 6 of the paper, word for word, for one customer."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b

    def log_beta(u: float, v: float) -> float:
        return float(gammaln(u) + gammaln(v) - gammaln(u + v))

    first = math.exp(log_beta(a, b + x) - log_beta(a, b)) * (alpha + age) ** -(r + x)
    second = (
        math.exp(log_beta(a + 1, b + x - 1) - log_beta(a, b)) * (alpha + recency) ** -(r + x) if x else 0.0
    )
    return float(gammaln(r + x) - gammaln(r)) + r * math.log(alpha) + math.log(first + second)


def test_likelihood_equals_the_formula_of_the_paper():
    rows = [(0, 0, 270), (1, 30, 100), (2, 213, 272), (9, 345, 364), (26, 200, 201)]
    x, recency, age = (np.array(column) for column in zip(*rows, strict=True))
    value, _, _ = _Likelihood(x, recency, age)(np.array([CDNOW.r, CDNOW.alpha, CDNOW.a, CDNOW.b]))
    assert value == pytest.approx(sum(plain_log_likelihood(CDNOW, *row) for row in rows), abs=1e-9)


def test_likelihood_derivatives_equal_finite_differences():
    x, recency, age = np.array([0, 1, 2, 9]), np.array([0, 30, 213, 345]), np.array([270, 100, 272, 364])
    likelihood, at = _Likelihood(x, recency, age), np.array([0.3, 25.0, 0.7, 2.2])
    _, gradient, hessian = likelihood(at)
    for index in range(4):
        step = np.zeros(4)
        step[index] = 1e-5 * at[index]
        above, below = likelihood(at + step), likelihood(at - step)
        assert gradient[index] == pytest.approx((above[0] - below[0]) / (2 * step[index]), rel=1e-5)
        assert hessian[index] == pytest.approx((above[1] - below[1]) / (2 * step[index]), rel=1e-4, abs=1e-7)


def test_fit_recovers_the_parameters_of_made_up_customers():
    truth = BgNbd(r=0.8, alpha=40.0, a=0.9, b=4.0)
    made = simulate(truth, 60_000, ages=(200, 900), seed=7)
    model = fit(summarise(made.customer, made.day, made.amount, end_day=900))
    assert model.converged
    # Continuous times cut to days, and purchases of one day merged, bias r and alpha a little.
    assert model.r == pytest.approx(truth.r, rel=0.05)
    assert model.alpha == pytest.approx(truth.alpha, rel=0.06)
    assert model.a == pytest.approx(truth.a, rel=0.06)
    assert model.b == pytest.approx(truth.b, rel=0.06)


def test_fit_refuses_customers_who_never_came_back():
    with pytest.raises(ValueError, match="second day"):
        fit(summarise([1, 2], [1, 2], [5, 5], end_day=9))


def test_fit_ends_within_bounds_when_all_customers_are_alike():
    customer, week = np.repeat(np.arange(50), 20), np.tile(np.arange(20), 50)
    model = fit(summarise(customer, week * 7, np.ones(1000), end_day=19 * 7 + 3))
    assert all(math.isfinite(value) for value in (model.r, model.alpha, model.a, model.b))
    expected = model.expected_purchases(*as_ints(19, 133, 136), days=70.0)
    assert expected[0] == pytest.approx(10.0, rel=0.15)


def test_fit_gives_the_published_parameters_of_cdnow(sample_data):
    made = cdnow_sample(sample_data)
    summary = summarise(made.customer, made.day, made.amount, end_day=CDNOW_SPLIT.toordinal())
    model = fit(summary)
    assert len(summary) == 2357
    assert round(model.r, 4) == 0.2426
    assert round(model.alpha_in(7), 3) == 4.414
    assert round(model.a, 4) == 0.7929
    assert round(model.b, 4) == 2.4259
    in_weeks = model.log_likelihood + float(summary.frequency.sum()) * math.log(7)
    assert round(in_weeks, 2) == -9582.43


def test_expected_purchases_of_the_papers_example():
    # Fader, Hardie, Lee (2005): x = 2, t_x = 30.43, T = 38.86 weeks give 1.226 purchases in the next 39.
    expected = CDNOW.expected_purchases(*as_ints(2, 213, 272), days=39 * 7.0)
    assert round(float(expected[0]), 3) == 1.226


def test_expected_purchases_equal_the_papers_equation():
    r, alpha, a, b = CDNOW.r, CDNOW.alpha, CDNOW.a, CDNOW.b
    x, recency, age, days = 3, 150, 200, 180.0
    z = days / (alpha + age + days)
    top = 1 - ((alpha + age) / (alpha + age + days)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z)
    below = 1 + a / (b + x - 1) * ((alpha + age) / (alpha + recency)) ** (r + x)
    paper = (a + b + x - 1) / (a - 1) * top / below
    assert CDNOW.expected_purchases(*as_ints(x, recency, age), days=days)[0] == pytest.approx(
        paper, rel=1e-10
    )


def test_expected_purchases_stay_finite_for_very_many_purchases():
    expected = CDNOW.expected_purchases(*as_ints(5000, 5000, 5001), days=365.0)
    # One purchase a day, a chance of a/(a+b+x) to leave after each: about 353 before the year is over.
    p_mean = CDNOW.a / (CDNOW.a + CDNOW.b + 5000)
    assert expected[0] == pytest.approx((1 - math.exp(-p_mean * 365)) / p_mean, rel=0.02)


def test_expected_purchases_pass_smoothly_through_a_equal_to_one():
    near = [
        float(BgNbd(0.3, 30.0, a, 2.0).expected_purchases(*as_ints(2, 100, 120), days=90.0)[0])
        for a in (0.9999, 1.0, 1.0001)
    ]
    assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-6)


def test_expected_purchases_of_a_new_customer_equal_those_given_nothing():
    given = CDNOW.expected_purchases(*as_ints(0, 0, 0), days=100.0)[0]
    fresh = CDNOW.expected_purchases_of_new_customer(np.array([100.0]))[0]
    # Given nothing x = 0 and T = 0: the first purchase carries no chance to leave: equation 9.
    assert given == pytest.approx(fresh, rel=1e-9)


def test_discounted_purchases_sum_the_weighted_periods():
    x, recency, age = as_ints(2, 213, 272)
    by_hand = [CDNOW.expected_purchases(x, recency, age, day)[0] for day in (30.0, 60.0)]
    both = CDNOW.discounted_purchases(x, recency, age, [30.0, 60.0], [0.9, 0.8])[0]
    assert both == pytest.approx(0.9 * by_hand[0] + 0.8 * (by_hand[1] - by_hand[0]), rel=1e-12)


def test_probability_alive_is_one_before_the_first_repeat_and_falls_with_silence():
    assert CDNOW.probability_alive(*as_ints(0, 0, 300))[0] == 1.0
    silent = [float(CDNOW.probability_alive(*as_ints(5, 100, age))[0]) for age in (101, 150, 200, 400)]
    assert silent == sorted(silent, reverse=True)
    # Paper, equation 7: 1 / (1 + a/(b+x-1) ((α+T)/(α+t_x))^(r+x))
    odds = 0.7929 / 6.4259 * ((30.8952 + 400) / (30.8952 + 100)) ** 5.2426
    assert silent[-1] == pytest.approx(1 / (1 + odds), rel=1e-9)


def test_probability_alive_is_zero_rather_than_an_overflow():
    assert CDNOW.probability_alive(*as_ints(900, 10, 900))[0] == pytest.approx(0.0, abs=1e-300)


def test_probability_of_no_purchase_integrates_the_posterior_rate():
    x, recency, age, days = 2, 213, 272, 90.0
    shape, scale = CDNOW.r + x, CDNOW.alpha + age

    def silent_density(rate: float) -> float:
        log = shape * math.log(scale) + (shape - 1) * math.log(rate) - rate * scale - float(gammaln(shape))
        return math.exp(log - rate * days)

    silent, _ = quad(silent_density, 0, 1)
    alive = float(CDNOW.probability_alive(*as_ints(x, recency, age))[0])
    exact = CDNOW.probability_of_no_purchase(*as_ints(x, recency, age), days)[0]
    assert exact == pytest.approx(1 - alive + alive * silent, rel=1e-6)
