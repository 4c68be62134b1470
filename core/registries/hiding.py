"""Which fields go with others: what hangs on a record is shown by several names, and hiding one of them must
hide the same values under the others."""

from collections import defaultdict
from collections.abc import Iterable

_along: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)


def register(record_type: str, **along: Iterable[str]) -> None:
    """`register("contact", points=("email", "phone"))`: a role that hides (or protects) `points` of contacts hides
    (or protects) `email` and `phone` too."""
    for name, others in along.items():
        _along[record_type][name] = _along[record_type].get(name, frozenset()) | frozenset(others)


def with_all(record_type: str, names: frozenset[str]) -> frozenset[str]:
    """`names` and whatever goes with them (one step)."""
    known = _along.get(record_type)
    if not known:
        return names
    return names.union(*(known[name] for name in names if name in known))
