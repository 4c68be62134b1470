"""Learning from a whole population."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from analytics.churn import TypicalCustomer, typical_customer
from analytics.lifetime_value import BgNbd, GammaGamma, RfmSummary, fit_bg_nbd, fit_gamma_gamma
from analytics.lifetime_value.gamma_gamma import correlation
from analytics.lifetime_value.rfm import FloatArray

VERSION = "bg-nbd gamma-gamma 1"


@dataclass(frozen=True, slots=True)
class FittedModels:
    """What a run learned. `spending` is None where all customers spend the same: then that is what they spend.

    `spend_correlation` is that of number and value of orders; the models take it to be 0.
    """

    buying: BgNbd
    spending: GammaGamma | None
    typical: TypicalCustomer
    spend_correlation: float

    def expected_spend(self, summary: RfmSummary) -> FloatArray:
        """Expected value of each customer's next order."""
        if self.spending is None:
            return summary.mean_spend
        return self.spending.expected_spend(summary.purchases, summary.mean_spend)

    def to_json(self) -> dict[str, Any]:
        """Numbers and words only."""
        return {
            "buying": asdict(self.buying),
            "spending": asdict(self.spending) if self.spending else None,
            "typical": asdict(self.typical),
            "spend_correlation": self.spend_correlation,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> FittedModels:
        """The inverse of `to_json`."""
        return cls(
            buying=BgNbd(**data["buying"]),
            spending=GammaGamma(**data["spending"]) if data["spending"] else None,
            typical=TypicalCustomer(**data["typical"]),
            spend_correlation=data["spend_correlation"],
        )


def fit_models(summary: RfmSummary) -> FittedModels:
    """Fit to a summary for which `churn.why_not_fitted` has nothing to say."""
    try:
        spending = fit_gamma_gamma(summary.purchases, summary.mean_spend)
    except ValueError:  # all spend the same
        spending = None
    return FittedModels(
        buying=fit_bg_nbd(summary),
        spending=spending,
        typical=typical_customer(summary),
        spend_correlation=correlation(summary.purchases, summary.mean_spend),
    )
