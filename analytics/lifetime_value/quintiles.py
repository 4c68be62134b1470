"""RFM scores: 1 (worst fifth) to 5 (best fifth) for recency, frequency and money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .rfm import FloatArray, IntArray, RfmSummary


@dataclass(frozen=True, slots=True)
class RfmScores:
    """A high recency score means a recent last purchase."""

    recency: IntArray
    frequency: IntArray
    money: IntArray

    def rows(self, some: slice) -> RfmScores:
        """The scores of some of the customers."""
        return RfmScores(self.recency[some], self.frequency[some], self.money[some])


def rfm_scores(summary: RfmSummary) -> RfmScores:
    """Fifths of the population; customers with equal values get equal scores."""
    return RfmScores(
        recency=fifths(-summary.days_since_last),
        frequency=fifths(summary.purchases),
        money=fifths(summary.total),
    )


def fifths(values: IntArray | FloatArray) -> IntArray:
    """1 to 5 by mid-rank, so that equal values share a fifth and the middle one of a crowd decides which."""
    count = len(values)
    if not count:
        return np.zeros(0, dtype=np.int64)
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    up_to = np.searchsorted(ordered, values, side="right")
    middle = (below + up_to) / (2 * count)
    return np.minimum(np.floor(middle * 5).astype(np.int64) + 1, 5)
