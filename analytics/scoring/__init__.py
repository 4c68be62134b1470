"""From purchases to scores: one fit per population, then customers in any portions. See README.md."""

from .backtest import back_test
from .fitting import FittedModels, fit_models
from .scores import CustomerScores, score

__all__ = ["CustomerScores", "FittedModels", "back_test", "fit_models", "score"]
