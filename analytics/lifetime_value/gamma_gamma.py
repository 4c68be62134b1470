"""Gamma-Gamma: what a customer's next purchase is worth.

Fader, Hardie (2013), "The Gamma-Gamma Model of Monetary Value": single purchases scatter around a mean of
the customer's own (gamma, shape p), and those means differ between customers (inverse gamma: q, γ). Assumes
that spend and frequency are independent, which `correlation` lets one check.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, gammaln, polygamma

from .newton import maximise
from .rfm import FloatArray, IntArray

# p, q, γ (in median spends)
_LOWEST = np.array([1e-3, 1e-3, 1e-6])
_HIGHEST = np.array([1e4, 1e4, 1e6])


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """Fitted parameters; `gamma` in the currency of the input."""

    p: float
    q: float
    gamma: float
    log_likelihood: float = math.nan
    converged: bool = True

    @property
    def population_mean(self) -> float:
        """Expected spend of somebody of whom nothing is known; NaN when the estimate has no mean (q ≤ 1)."""
        return self.p * self.gamma / (self.q - 1.0) if self.q > 1.0 else math.nan

    def expected_spend(self, purchases: IntArray, mean_spend: FloatArray) -> FloatArray:
        """Expected mean spend per purchase given `purchases` with that mean (equation 5).

        Where nothing usable is known (no purchase, or a mean of nothing or less) it is the population's.
        """
        known = (purchases > 0) & (mean_spend > 0)
        n = np.where(known, purchases, 0)
        total = np.where(known, mean_spend, 0.0) * n
        shape = self.p * n + self.q - 1.0
        expected: FloatArray = np.divide(
            self.p * (self.gamma + total), shape, out=np.where(known, mean_spend, 0.0), where=shape > 0
        )
        return expected


def fit(purchases: IntArray, mean_spend: FloatArray) -> GammaGamma:
    """Maximum likelihood estimates from the customers with at least one purchase and a mean above nothing.

    Raises ValueError when fewer than two such customers are left or all spend the same.
    """
    usable = (purchases > 0) & (mean_spend > 0)
    n, m = purchases[usable], mean_spend[usable]
    if len(n) < 2 or np.ptp(m) == 0:
        raise ValueError("spend of at least two customers who differ is needed")
    scale = float(np.median(m))
    start = np.array([4.0, 3.0, 1.0])
    best = maximise(_Likelihood(n, m / scale), start, lowest=_LOWEST, highest=_HIGHEST)
    p, q, gamma = (float(value) for value in best.parameters)
    shift = len(n) * math.log(scale)
    return GammaGamma(p, q, gamma * scale, best.log_likelihood - shift, best.converged)


def correlation(purchases: IntArray, mean_spend: FloatArray) -> float:
    """Correlation of frequency and spend among customers with a spend: the model wants it near 0."""
    usable = (purchases > 0) & (mean_spend > 0)
    n, m = purchases[usable], mean_spend[usable]
    if len(n) < 2 or np.ptp(n) == 0 or np.ptp(m) == 0:
        return 0.0
    return float(np.corrcoef(n, m)[0, 1])


class _Likelihood:
    """Log-likelihood (equation 1a) with gradient and Hessian in (p, q, γ); spends scaled to be about 1."""

    def __init__(self, purchases: IntArray, mean_spend: FloatArray) -> None:
        n = purchases.astype(np.float64)
        self.customers = len(n)
        per_count = np.bincount(purchases)
        self.values = np.flatnonzero(per_count)
        self.counts = per_count[self.values].astype(np.float64)
        self.n = n
        self.total = n * mean_spend
        self.sum_logs = float(np.log(mean_spend).sum())
        self.sum_weighted_logs = float(n @ np.log(self.total))
        self.purchases = float(n.sum())

    def __call__(self, parameters: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        p, q, gamma = (float(value) for value in parameters)
        n, k, customers = self.values.astype(np.float64), self.counts, self.customers
        whole = gamma + self.total
        logs, inverse = np.log(whole), 1.0 / whole
        log_sum, weighted_log_sum = float(logs.sum()), float(self.n @ logs)
        inverse_sum, weighted_inverse_sum = float(inverse.sum()), float(self.n @ inverse)
        square = inverse * inverse
        square_sum, weighted_square_sum = float(square.sum()), float(self.n @ square)

        value = float(k @ (gammaln(p * n + q) - gammaln(p * n))) - customers * float(gammaln(q))
        value += customers * q * math.log(gamma) - self.sum_logs + p * self.sum_weighted_logs
        value -= p * weighted_log_sum + q * log_sum
        slope_p = float(k @ (n * (digamma(p * n + q) - digamma(p * n))))
        gradient = np.array(
            [
                slope_p + self.sum_weighted_logs - weighted_log_sum,
                float(k @ digamma(p * n + q)) + customers * (math.log(gamma) - float(digamma(q))) - log_sum,
                customers * q / gamma - p * weighted_inverse_sum - q * inverse_sum,
            ]
        )
        mixed = polygamma(1, p * n + q)
        pp = float(k @ (n * n * (mixed - polygamma(1, p * n))))
        pq = float(k @ (n * mixed))
        qq = float(k @ mixed) - customers * float(polygamma(1, q))
        p_gamma = -weighted_inverse_sum
        q_gamma = customers / gamma - inverse_sum
        gamma_gamma = p * weighted_square_sum + q * square_sum - customers * q / gamma**2
        hessian = np.array([[pp, pq, p_gamma], [pq, qq, q_gamma], [p_gamma, q_gamma, gamma_gamma]])
        return value, gradient, hessian
