"""BG/NBD: how often customers without a contract buy, and whether they still do.

Fader, Hardie, Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2): while alive a
customer buys at a rate of their own, gamma distributed (r, α); after each purchase they leave for good with
a chance of their own, beta distributed (a, b). Times are days, so that α is in days too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, hyp2f1, polygamma

from .newton import Maximum, maximise
from .rfm import FloatArray, IntArray, RfmSummary, index_of

_BLOCK = 8192  # rows worked on at a time: they stay in the processor's cache
_SAMPLE = 20_000  # rows for the first estimate
# r, α (days), a, b. Beyond r = 400 the customers' rates differ by less than 5 %: they are alike.
_LOWEST = np.array([1e-4, 1e-4, 1e-4, 1e-4])
_HIGHEST = np.array([400.0, 1e7, 1e4, 1e4])
_LEAST_SPREAD = 1e-7  # how near to 1 the parameter a may come in predictions (the formula divides by a - 1)


@dataclass(frozen=True, slots=True)
class BgNbd:
    """Fitted parameters; `alpha` in days. `log_likelihood` is that of the sample, with times in days."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = math.nan
    converged: bool = True

    def alpha_in(self, days_per_unit: float) -> float:
        """α when times are told in another unit, for instance weeks (7)."""
        return self.alpha / days_per_unit

    def probability_alive(self, frequency: IntArray, recency: IntArray, age: IntArray) -> FloatArray:
        """Chance that the customer has not left for good at the end of the observation."""
        alive: FloatArray = 1.0 / (1.0 + self._odds_of_having_left(frequency, recency, age))
        return alive

    def probability_of_no_purchase(
        self, frequency: IntArray, recency: IntArray, age: IntArray, days: float
    ) -> FloatArray:
        """Chance that the next `days` bring no purchase: gone for good, or alive and not buying.

        Alive, the rate is gamma (r + x, α + T), so that nothing is bought with ((α+T)/(α+T+t))^(r+x).
        """
        alive = 1.0 / (1.0 + self._odds_of_having_left(frequency, recency, age))
        silent = np.exp((self.r + frequency) * -np.log1p(days / (self.alpha + age)))
        chance: FloatArray = 1.0 - alive * (1.0 - silent)
        return chance

    def expected_purchases(
        self, frequency: IntArray, recency: IntArray, age: IntArray, days: float
    ) -> FloatArray:
        """Purchases to expect in the next `days`, given what the customer did so far (equation 10)."""
        return self.discounted_purchases(frequency, recency, age, [days], [1.0])

    def discounted_purchases(
        self,
        frequency: IntArray,
        recency: IntArray,
        age: IntArray,
        until: list[float],
        weights: list[float],
    ) -> FloatArray:
        """Expected purchases of the periods that end at the days `until`, each counted with its weight.

        The costly part depends on (frequency, age) only and is worked out once for each pair there is.
        """
        if not len(frequency):
            return np.zeros(0, dtype=np.float64)
        span = int(age.max()) + 1
        pairs, place = index_of(frequency * span + age)
        x = pairs // span
        waits: FloatArray = self.alpha + (pairs % span).astype(np.float64)
        total = np.zeros(len(pairs), dtype=np.float64)
        following = [*weights[1:], 0.0]
        for day, weight, next_weight in zip(until, weights, following, strict=True):
            # Σ w_i (E(t_i) - E(t_{i-1})) = Σ (w_i - w_{i+1}) E(t_i): one evaluation per date.
            if weight != next_weight:
                total += (weight - next_weight) * self._purchases_if_alive(x, waits, day)
        return total[place] / (1.0 + self._odds_of_having_left(frequency, recency, age))

    def expected_purchases_of_new_customer(self, days: FloatArray) -> FloatArray:
        """Repeat purchases to expect of a customer in the `days` after their first one (equation 9)."""
        a = self._spread()
        z = days / (self.alpha + days)
        left = np.exp(-self.r * np.log1p(days / self.alpha))
        tail = left * hyp2f1(self.r, self.b, a + self.b - 1.0, z)
        expected: FloatArray = (a + self.b - 1.0) / (a - 1.0) * (1.0 - tail)
        return expected

    def _spread(self) -> float:
        return self.a if abs(self.a - 1.0) > _LEAST_SPREAD else 1.0 + _LEAST_SPREAD

    def _purchases_if_alive(self, x: IntArray, waits: FloatArray, days: float) -> FloatArray:
        """Expected purchases in `days` of a living customer; `waits` is α + T.

        By Euler's transformation ((α+T)/(α+T+t))^(r+x) ₂F₁(r+x, b+x; a+b+x-1; z) is
        (1-z)^(a-1) ₂F₁(a+b-1-r, a-1; a+b+x-1; z), which neither overflows nor loses digits for large x.
        """
        a = self._spread()
        z = days / (waits + days)
        c = a + self.b + x - 1.0
        rest = np.exp((a - 1.0) * np.log1p(-z)) * hyp2f1(a + self.b - 1.0 - self.r, a - 1.0, c, z)
        expected: FloatArray = c / (a - 1.0) * (1.0 - rest)
        return expected

    def _odds_of_having_left(self, frequency: IntArray, recency: IntArray, age: IntArray) -> FloatArray:
        if not len(frequency):
            return np.zeros(0, dtype=np.float64)
        counts = np.arange(int(frequency.max()) + 1, dtype=np.float64)
        # Nobody can have left before the first repeat purchase (x = 0): leaving follows a purchase.
        log_chance = np.full(len(counts), -np.inf)
        log_chance[1:] = math.log(self.a) - np.log(self.b + counts[1:] - 1.0)
        logs = np.log(self.alpha + np.arange(int(age.max()) + 1, dtype=np.float64))
        log_odds = log_chance[frequency] + (self.r + frequency) * (logs[age] - logs[recency])
        odds: FloatArray = np.exp(np.minimum(log_odds, 700.0))
        return odds


def fit(summary: RfmSummary) -> BgNbd:
    """Maximum likelihood estimates. Raises ValueError when no customer came back even once.

    A first estimate from up to 20,000 evenly spaced customers, then Newton steps on all of them.
    """
    x, recency, age = summary.frequency, summary.recency, summary.age
    if not (x > 0).any():
        raise ValueError("no customer has bought on a second day: there is nothing to learn from")
    start = _starting_point(x, age)
    if len(x) > 2 * _SAMPLE:
        thin = slice(None, None, len(x) // _SAMPLE)
        if (x[thin] > 0).any():
            start = _maximum(x[thin], recency[thin], age[thin], start, tolerance=1e-4).parameters
    best = _maximum(x, recency, age, start, tolerance=1e-8)
    r, alpha, a, b = (float(value) for value in best.parameters)
    return BgNbd(r, alpha, a, b, log_likelihood=best.log_likelihood, converged=best.converged)


def _maximum(
    x: IntArray, recency: IntArray, age: IntArray, start: FloatArray, *, tolerance: float
) -> Maximum:
    likelihood = _Likelihood(x, recency, age)
    return maximise(likelihood, start, lowest=_LOWEST, highest=_HIGHEST, tolerance=tolerance)


def _starting_point(x: IntArray, age: IntArray) -> FloatArray:
    """r and α that give the mean rate; dropout as most data sets show it."""
    rate = float(x.sum()) / max(float(age.sum()), 1.0)
    return np.array([0.5, max(0.5 / rate, 1e-3), 0.8, 2.5])


class _Likelihood:
    """Log-likelihood (equation 6) with gradient and Hessian in (r, α, a, b).

    All terms but one depend on x alone or are linear given T: they are summed over tables of counts. Only
    customers who came back need a row of work, and their logarithms come from a table by day.
    """

    def __init__(self, frequency: IntArray, recency: IntArray, age: IntArray) -> None:
        self.customers = len(frequency)
        self.per_x = np.bincount(frequency).astype(np.float64)
        self.x_values = np.flatnonzero(self.per_x)
        self.x_counts = self.per_x[self.x_values]
        self.days = np.arange(int(age.max()) + 1, dtype=np.float64)
        self.per_age = np.bincount(age).astype(np.float64)
        self.purchases_per_age = np.bincount(age, weights=frequency)
        repeat = frequency > 0
        self.x = frequency[repeat].astype(np.intp)
        self.recency = recency[repeat].astype(np.intp)
        self.age = age[repeat].astype(np.intp)

    def __call__(self, parameters: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        r, alpha, a, b = (float(value) for value in parameters)
        value, gradient, hessian = self._by_count(r, a, b)
        self._add_by_age(r, alpha, gradient, hessian)
        value += self.customers * r * math.log(alpha)
        value -= float((r * self.per_age + self.purchases_per_age) @ np.log(alpha + self.days))
        return value + self._add_rows(r, alpha, a, b, gradient, hessian), gradient, hessian

    def _by_count(self, r: float, a: float, b: float) -> tuple[float, FloatArray, FloatArray]:
        """The gamma functions: Γ(r+x)/Γ(r) and Γ(b+x)Γ(a+b)/(Γ(a+b+x)Γ(b)), by number of purchases."""
        x, n = self.x_values, self.x_counts
        c = a + b
        value = float(n @ (gammaln(r + x) - gammaln(r) + gammaln(b + x) - gammaln(b)))
        value += float(n @ (gammaln(c) - gammaln(c + x)))
        slope_r = float(n @ (digamma(r + x) - digamma(r)))
        slope_c = float(n @ (digamma(c) - digamma(c + x)))
        slope_b = float(n @ (digamma(b + x) - digamma(b)))
        bend_r = float(n @ (polygamma(1, r + x) - polygamma(1, r)))
        bend_c = float(n @ (polygamma(1, c) - polygamma(1, c + x)))
        bend_b = float(n @ (polygamma(1, b + x) - polygamma(1, b)))
        gradient = np.array([slope_r, 0.0, slope_c, slope_b + slope_c])
        hessian = np.zeros((4, 4))
        hessian[0, 0] = bend_r
        hessian[2, 2] = hessian[2, 3] = hessian[3, 2] = bend_c
        hessian[3, 3] = bend_b + bend_c
        return value, gradient, hessian

    def _add_by_age(self, r: float, alpha: float, gradient: FloatArray, hessian: FloatArray) -> None:
        """Derivatives of N r ln α - Σ (r+x) ln(α+T)."""
        inverse = 1.0 / (alpha + self.days)
        weights = r * self.per_age + self.purchases_per_age
        gradient[0] += self.customers * math.log(alpha) - float(self.per_age @ np.log(alpha + self.days))
        gradient[1] += self.customers * r / alpha - float(weights @ inverse)
        cross = self.customers / alpha - float(self.per_age @ inverse)
        hessian[0, 1] += cross
        hessian[1, 0] += cross
        hessian[1, 1] += float(weights @ inverse**2) - self.customers * r / alpha**2

    def _add_rows(
        self, r: float, alpha: float, a: float, b: float, gradient: FloatArray, hessian: FloatArray
    ) -> float:
        """Σ ln(1 + e^u), u = ln(a/(b+x-1)) + (r+x) ln((α+T)/(α+t_x)), over those who came back."""
        logs = np.log(alpha + self.days)
        inverse = 1.0 / (alpha + self.days)
        counts = np.arange(len(self.per_x), dtype=np.float64)
        ahead = np.maximum(b + counts - 1.0, 1e-300)  # x = 0 never gets here
        log_chance, rates, pull = math.log(a) - np.log(ahead), r + counts, -1.0 / ahead
        value = 0.0
        slopes = np.empty((4, _BLOCK))
        slopes[2] = 1.0 / a
        for start in range(0, len(self.x), _BLOCK):
            rows = slice(start, start + _BLOCK)
            x, recency, age = self.x[rows], self.recency[rows], self.age[rows]
            d = slopes[:, : len(x)]
            rate = rates[x]
            np.subtract(logs[age], logs[recency], out=d[0])
            late, early = inverse[age], inverse[recency]
            gap = late - early
            np.multiply(rate, gap, out=d[1])
            np.take(pull, x, out=d[3])
            u = log_chance[x] + rate * d[0]
            shrunk = np.exp(-np.abs(u))
            value += float(np.maximum(u, 0.0).sum() + np.log1p(shrunk).sum())
            share = np.where(u >= 0, 1.0, shrunk) / (1.0 + shrunk)
            gradient += d @ share
            hessian += (d * (share * (1.0 - share))) @ d.T
            cross = float(share @ gap)
            hessian[0, 1] += cross
            hessian[1, 0] += cross
            hessian[1, 1] -= float(share @ (d[1] * (late + early)))
            hessian[2, 2] -= float(share.sum()) / a**2
            hessian[3, 3] += float(share @ (d[3] * d[3]))
        return value
