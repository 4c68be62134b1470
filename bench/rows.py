"""The rows that every part of the bench prints."""

from typing import Any


def row(
    name: str, value: Any, unit: str, goal: Any = None, met: bool | None = None, **more: Any
) -> dict[str, Any]:
    """One measured value. A goal is met, unless `met` says otherwise, by what is not above it; without a goal there is
    nothing to meet. `more` are a `reference` and its `ratio`."""
    if goal is not None and met is None:
        met = bool(value <= goal)
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "reference": None,
        "ratio": None,
        "goal": goal,
        "met": met,
        **more,
    }
