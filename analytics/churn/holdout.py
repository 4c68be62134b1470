"""How good a chance of churn was, once the horizon has passed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from analytics.lifetime_value.rfm import FloatArray


@dataclass(frozen=True, slots=True)
class ChurnScore:
    """`auc`: chance that one who stayed away was rated above one who came (None when all did the same).

    `log_loss` in nats; `mean_chance` against `share_away` shows the calibration as a whole.
    """

    auc: float | None
    log_loss: float
    mean_chance: float
    share_away: float


def evaluate(stayed_away: npt.NDArray[np.bool_], chance: FloatArray) -> ChurnScore:
    """Compare chances of no purchase with what happened."""
    away = int(stayed_away.sum())
    came = len(stayed_away) - away
    clipped = np.clip(chance, 1e-9, 1 - 1e-9)
    auc = None
    if away and came:
        rank_sum = float(rankdata(chance)[stayed_away].sum())
        auc = (rank_sum - away * (away + 1) / 2) / (away * came)
    return ChurnScore(
        auc=auc,
        log_loss=-float(np.mean(np.where(stayed_away, np.log(clipped), np.log1p(-clipped)))),
        mean_chance=float(chance.mean()),
        share_away=away / len(stayed_away),
    )
