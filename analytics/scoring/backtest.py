"""How well a fit without the last days would have foretold them."""

from __future__ import annotations

from typing import Any

from analytics.churn import chance_of_no_purchase, why_not_fitted
from analytics.churn.holdout import evaluate as evaluate_churn
from analytics.lifetime_value.holdout import split
from analytics.lifetime_value.model import compare
from analytics.lifetime_value.rfm import FloatArray, IntArray


def back_test(
    customer: IntArray, day: IntArray, amount: FloatArray, *, end_day: int, days: int
) -> dict[str, Any]:
    """Learn up to `days` before `end_day`, foretell the rest; {} when the earlier history is too short.

    `models` has the errors in orders per customer of BG/NBD and Pareto/NBD, the better one first; `churn` the
    quality of the chances of no order by BG/NBD, which is the model in use.
    """
    held = split(customer, day, amount, at_day=end_day - days, days=days)
    if not len(held.summary) or why_not_fitted(held.summary):
        return {}
    summary = held.summary
    candidates = compare(held)
    buying = next(candidate.model for candidate in candidates if candidate.name == "bg_nbd")
    chance = chance_of_no_purchase(buying, summary.frequency, summary.recency, summary.age, days=float(days))
    churn = evaluate_churn(held.purchases == 0, chance)
    return {
        "days": days,
        "customers": len(summary),
        "models": [
            {
                "name": candidate.name,
                "mean_absolute_error": round(candidate.score.mean_absolute_error, 4),
                "root_mean_square_error": round(candidate.score.root_mean_square_error, 4),
                "correlation": _rounded(candidate.score.correlation),
                "total_error": _rounded(candidate.score.total_error),
            }
            for candidate in candidates
        ],
        "churn": {
            "auc": _rounded(churn.auc),
            "log_loss": round(churn.log_loss, 4),
            "mean_chance": round(churn.mean_chance, 4),
            "share_away": round(churn.share_away, 4),
        },
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
