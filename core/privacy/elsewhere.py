"""What is about a person without being a row of theirs: copies in files, what is kept for a while, addresses that
somebody typed into a filter or a rule. Apps register how theirs is forgotten; erasing a person calls all of it."""

from collections.abc import Callable, Sequence

Forgetter = Callable[[Sequence[str], Sequence[str]], int]
_forgetters: dict[str, Forgetter] = {}


def register(name: str, forget: Forgetter) -> None:
    """`forget(values, names)` gets the person's own normalised addresses and numbers and their own full names, runs in
    the transaction of the erasure, and returns how much it took out. Doing it twice changes nothing."""
    _forgetters[name] = forget


def forget_elsewhere(values: Sequence[str], names: Sequence[str] = ()) -> dict[str, int]:
    """Call all of them; returns what was taken out by name, zeros left out."""
    done = {name: forget(values, names) for name, forget in sorted(_forgetters.items())}
    return {name: count for name, count in done.items() if count}
