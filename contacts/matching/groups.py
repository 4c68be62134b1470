"""Groups of records that are all one: never by a chain of which the ends don't resemble each other."""

from collections.abc import Iterable, Mapping


def groups_of(likeness: Mapping[tuple[int, int], float], *, join: float, hold: float) -> list[list[int]]:
    """Sorted groups of two and more ids. Two groups become one by a pair of at least `join`, and only if every
    pair between them is at least `hold`; the strongest pairs go first, ties by id, so that the order in which
    pairs come does not matter.

    >>> chain = {(1, 2): 0.99, (2, 3): 0.99}
    >>> groups_of(chain, join=0.9, hold=0.6), groups_of({**chain, (1, 3): 0.7}, join=0.9, hold=0.6)
    ([[1, 2]], [[1, 2, 3]])
    """
    member: dict[int, list[int]] = {}
    strong = sorted((-score, a, b) for (a, b), score in likeness.items() if score >= join)
    for _score, a, b in strong:
        one, other = member.get(a, [a]), member.get(b, [b])
        if one is other or not _all_hold(likeness, one, other, hold):
            continue
        both = sorted([*one, *other])
        for pk in both:
            member[pk] = both
    distinct = {id(group): group for group in member.values() if len(group) > 1}
    return sorted(distinct.values())


def _all_hold(
    likeness: Mapping[tuple[int, int], float], one: Iterable[int], other: Iterable[int], hold: float
) -> bool:
    others = list(other)
    return all(likeness.get((min(a, b), max(a, b)), 0.0) >= hold for a in one for b in others)
