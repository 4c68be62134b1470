"""Which fields go with others: what hangs on a record is shown by several names, and hiding one of them must
hide the same values under the others."""

from collections import defaultdict
from collections.abc import Iterable

_along: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
_copies: dict[tuple[str, str], frozenset[tuple[str, str]]] = {}


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


def register_copies(record_type: str, field: str, *copies: tuple[str, str]) -> None:
    """`register_copies("contact", "company", ("activity", "company"))`: what an activity holds there is mostly taken
    from the contact, so that whoever may not see the one does not see the other. Writing is not touched."""
    _copies[record_type, field] = _copies.get((record_type, field), frozenset()) | frozenset(copies)


def with_copies(hidden: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """What is hidden by record type, and its copies on other types (one step)."""
    found = dict(hidden)
    for (record_type, field), copies in _copies.items():
        if field in hidden.get(record_type, frozenset()):
            for other, name in copies:
                found[other] = found.get(other, frozenset()) | {name}
    return found


def names(record_type: str) -> frozenset[str]:
    """What may be hidden of a type beside the fields of its model: `points`, `addresses`…"""
    known = _along.get(record_type, {})
    copied = {field for kind, field in _copies if kind == record_type}
    return frozenset(known).union(copied, *known.values())
