"""What apps create in every installation, each its own: called after core's own defaults are there."""

from collections.abc import Callable

_functions: dict[str, Callable[[], None]] = {}


def register(name: str, function: Callable[[], None]) -> None:
    """`function` creates what is missing, leaves what somebody changed, and may run at every start."""
    _functions[name] = function


def all_defaults() -> list[Callable[[], None]]:
    return list(_functions.values())
