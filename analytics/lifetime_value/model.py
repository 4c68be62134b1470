"""What every model of buying answers, and which of them has done better on days it had not seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from . import bg_nbd, pareto_nbd
from .holdout import Holdout, PurchaseScore, evaluate
from .rfm import FloatArray, IntArray, RfmSummary


class PurchaseModel(Protocol):
    """Fitted on one population; all times in days."""

    @property
    def log_likelihood(self) -> float: ...

    @property
    def converged(self) -> bool: ...

    def probability_alive(self, frequency: IntArray, recency: IntArray, age: IntArray) -> FloatArray: ...

    def expected_purchases(
        self, frequency: IntArray, recency: IntArray, age: IntArray, days: float
    ) -> FloatArray: ...

    def discounted_purchases(
        self,
        frequency: IntArray,
        recency: IntArray,
        age: IntArray,
        until: list[float],
        weights: list[float],
    ) -> FloatArray: ...


FITS: dict[str, Callable[[RfmSummary], PurchaseModel]] = {"bg_nbd": bg_nbd.fit, "pareto_nbd": pareto_nbd.fit}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model fitted on the summary of the hold-out, with its errors in the days after."""

    name: str
    model: PurchaseModel
    score: PurchaseScore


def compare(held: Holdout) -> list[Candidate]:
    """Both models on the same hold-out, the one with the smaller mean absolute error first."""
    s = held.summary
    candidates = []
    for name, fit in FITS.items():
        model = fit(s)
        expected = model.expected_purchases(s.frequency, s.recency, s.age, float(held.days))
        candidates.append(Candidate(name, model, evaluate(held.purchases, expected)))
    return sorted(candidates, key=lambda candidate: candidate.score.mean_absolute_error)
