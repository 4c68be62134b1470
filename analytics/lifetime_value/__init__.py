"""Lifetime value of customers without a contract. Arrays in, arrays out; see README.md."""

from .bg_nbd import BgNbd
from .bg_nbd import fit as fit_bg_nbd
from .gamma_gamma import GammaGamma
from .gamma_gamma import fit as fit_gamma_gamma
from .model import PurchaseModel
from .pareto_nbd import ParetoNbd
from .pareto_nbd import fit as fit_pareto_nbd
from .rfm import RfmSummary, summarise
from .value import lifetime_value

__all__ = [
    "BgNbd",
    "GammaGamma",
    "ParetoNbd",
    "PurchaseModel",
    "RfmSummary",
    "fit_bg_nbd",
    "fit_gamma_gamma",
    "fit_pareto_nbd",
    "lifetime_value",
    "summarise",
]
