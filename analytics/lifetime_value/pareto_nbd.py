"""Pareto/NBD: the model that BG/NBD makes easy; customers may leave at any time, not after a purchase only.

Schmittlein, Morrison, Colombo (1987), in the form of Fader, Hardie (2005), "A Note on Deriving the Pareto/NBD
Model": purchases at a gamma distributed rate (r, α), life ends at a gamma distributed rate (s, β). Times are
days, so that α and β are in days too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, hyp2f1

from .newton import Maximum, maximise
from .rfm import FloatArray, IntArray, RfmSummary, index_of

_SAMPLE = 20_000  # customers for the first estimate
_LOWEST = np.array([1e-4, 1e-3, 1e-4, 1e-3])
# Beyond s = 20 all customers are about equally likely to leave, and ₂F₁ begins to lose digits.
_HIGHEST = np.array([400.0, 1e7, 20.0, 1e6])
_MAX_STEPS = 40  # a sample without a clear maximum would creep along its ridge for hundreds
_STEP = 1e-5  # relative step of the central differences
_LEAST_SPREAD = 1e-7  # how near to 1 the parameter s may come in predictions (the formula divides by s - 1)


@dataclass(frozen=True, slots=True)
class ParetoNbd:
    """Fitted parameters; `alpha` and `beta` in days. `log_likelihood` with times in days."""

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float = math.nan
    converged: bool = True

    def probability_alive(self, frequency: IntArray, recency: IntArray, age: IntArray) -> FloatArray:
        """Chance that the customer has not left for good at the end of the observation."""
        if not len(frequency):
            return np.zeros(0, dtype=np.float64)
        alive, gone = _log_terms(self.r, self.alpha, self.s, self.beta, _Rows(frequency, recency, age))
        return 1.0 / (1.0 + np.exp(np.minimum(gone - alive, 700.0)))

    def expected_purchases(
        self, frequency: IntArray, recency: IntArray, age: IntArray, days: float
    ) -> FloatArray:
        """Purchases to expect in the next `days`, given what the customer did so far."""
        return self.discounted_purchases(frequency, recency, age, [days], [1.0])

    def discounted_purchases(
        self,
        frequency: IntArray,
        recency: IntArray,
        age: IntArray,
        until: list[float],
        weights: list[float],
    ) -> FloatArray:
        """Expected purchases of the periods that end at the days `until`, each counted with its weight."""
        s = self.s if abs(self.s - 1.0) > _LEAST_SPREAD else 1.0 + _LEAST_SPREAD
        ages, place = index_of(age) if len(age) else (age, age)
        waits = self.beta + ages.astype(np.float64)
        total = np.zeros(len(ages), dtype=np.float64)
        for day, weight, following in zip(until, weights, [*weights[1:], 0.0], strict=True):
            total -= (weight - following) * np.expm1(-(s - 1.0) * np.log1p(day / waits)) / (s - 1.0)
        total *= waits / (self.alpha + ages)
        expected: FloatArray = (self.r + frequency) * total[place]
        return expected * self.probability_alive(frequency, recency, age)


def fit(summary: RfmSummary) -> ParetoNbd:
    """Maximum likelihood estimates. Raises ValueError when no customer came back even once."""
    x, recency, age = summary.frequency, summary.recency, summary.age
    if not (x > 0).any():
        raise ValueError("no customer has bought on a second day: there is nothing to learn from")
    rate = float(x.sum()) / max(float(age.sum()), 1.0)
    start = np.array([0.6, 0.6 / rate, 0.6, 0.3 * float(np.median(age)) + 1.0])
    if len(x) > 2 * _SAMPLE:
        thin = slice(None, None, len(x) // _SAMPLE)
        if (x[thin] > 0).any():
            start = _maximum(_Rows(x[thin], recency[thin], age[thin]), start, tolerance=1e-3).parameters
    best = _maximum(_Rows(x, recency, age), start, tolerance=1e-6)
    r, alpha, s, beta = (float(value) for value in best.parameters)
    return ParetoNbd(r, alpha, s, beta, log_likelihood=best.log_likelihood, converged=best.converged)


class _Rows:
    """The histories, and their distinct pairs (x, t_x) and (x, T): ₂F₁ is worked out once for each pair."""

    def __init__(self, frequency: IntArray, recency: IntArray, age: IntArray) -> None:
        self.x, self.recency, self.age = frequency, recency, age
        span = int(age.max()) + 1
        pairs, place = index_of(np.concatenate((frequency * span + recency, frequency * span + age)))
        self.pair_x = (pairs // span).astype(np.float64)
        self.pair_t = (pairs % span).astype(np.float64)
        self.early, self.late = place[: len(frequency)], place[len(frequency) :]
        self.days = np.arange(span, dtype=np.float64)
        self.per_x = np.bincount(frequency).astype(np.float64)


def _log_terms(r: float, alpha: float, s: float, beta: float, rows: _Rows) -> tuple[FloatArray, FloatArray]:
    """Logarithms of the likelihood's two parts, without what depends on x alone: alive, and gone before T.

    alive = (α+T)^-(r+x) (β+T)^-s;  gone = s/(r+s+x) (A(t_x) - A(T)),
    A(t) = ₂F₁(r+s+x, s+1; r+s+x+1; (α-β)/(α+t)) / (α+t)^(r+s+x), or with the roles changed for α < β.
    """
    whole = r + s + rows.pair_x
    larger, other = (alpha, s + 1.0) if alpha >= beta else (beta, r + rows.pair_x)
    reach = np.log(larger + rows.pair_t)
    nearness = np.log(min(alpha, beta) + rows.pair_t) - reach  # ln(1 - z)
    # ₂F₁(A, B; A+1; z) = (1-z)^(1-B) ₂F₁(1, A+1-B; A+1; z), which does not overflow for large x.
    series = hyp2f1(1.0, whole + 1.0 - other, whole + 1.0, -np.expm1(nearness))
    part = (1.0 - other) * nearness + np.log(series) - whole * reach
    early, late = part[rows.early], part[rows.late]
    log_alpha, log_beta = np.log(alpha + rows.days), np.log(beta + rows.days)
    alive = -(r + rows.x) * log_alpha[rows.age] - s * log_beta[rows.age]
    with np.errstate(divide="ignore"):  # t_x = T: nobody can have left in no time
        gone = np.log(s) - np.log(r + s + rows.x) + early + np.log(-np.expm1(np.minimum(late - early, 0.0)))
    return alive, gone


def _row_log_likelihoods(parameters: FloatArray, rows: _Rows) -> FloatArray:
    r, alpha, s, beta = (float(value) for value in parameters)
    alive, gone = _log_terms(r, alpha, s, beta, rows)
    counts = np.arange(len(rows.per_x), dtype=np.float64)
    by_count = gammaln(r + counts) - gammaln(r) + r * math.log(alpha) + s * math.log(beta)
    result: FloatArray = by_count[rows.x] + np.logaddexp(alive, gone)
    return result


def _maximum(rows: _Rows, start: FloatArray, *, tolerance: float) -> Maximum:
    def derivatives(parameters: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Scores by central differences; the Hessian by their outer product (Berndt, Hall, Hall, Hausman)."""
        scores = np.empty((4, len(rows.x)))
        for index in range(4):
            step = np.zeros(4)
            step[index] = _STEP * parameters[index]
            above, below = parameters + step, parameters - step
            scores[index] = _row_log_likelihoods(above, rows) - _row_log_likelihoods(below, rows)
            scores[index] /= 2.0 * step[index]
        value = float(_row_log_likelihoods(parameters, rows).sum())
        return value, scores.sum(axis=1), -(scores @ scores.T)

    return maximise(
        derivatives, start, lowest=_LOWEST, highest=_HIGHEST, tolerance=tolerance, max_steps=_MAX_STEPS
    )
