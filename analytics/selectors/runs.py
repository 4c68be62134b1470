"""Model runs in words."""

from dataclasses import dataclass
from typing import Any

from analytics.models import ModelRun
from analytics.words import NO_MODEL

SHOWN = 20
MODEL_NAMES = {"bg_nbd": "BG/NBD", "pareto_nbd": "Pareto/NBD"}


@dataclass(frozen=True)
class ShownRun:
    """A run with its figures named. `models` are (name, mean absolute error, share off in all); `buying` and
    `spending` name the parameters as the literature does, times in days."""

    run: ModelRun
    missing: str
    models: list[tuple[str, float, float | None]]
    buying: list[tuple[str, float]]
    spending: list[tuple[str, float]]


def recent_runs(user: Any) -> list[ShownRun]:
    """The newest runs first. One query."""
    runs = ModelRun.objects.visible_to(user).order_by("-pk")[:SHOWN]
    return [_shown(run) for run in runs]


def _shown(run: ModelRun) -> ShownRun:
    buying = run.parameters.get("buying") or {}
    spending = run.parameters.get("spending") or {}
    greek = {"alpha": "α", "gamma": "γ"}
    return ShownRun(
        run=run,
        missing=str(NO_MODEL.get(run.reason, "")),
        models=[
            (MODEL_NAMES[model["name"]], model["mean_absolute_error"], model["total_error"])
            for model in run.back_test.get("models", [])
        ],
        buying=[(greek.get(name, name), buying[name]) for name in ("r", "alpha", "a", "b") if name in buying],
        spending=[
            (greek.get(name, name), spending[name]) for name in ("p", "q", "gamma") if name in spending
        ],
    )
