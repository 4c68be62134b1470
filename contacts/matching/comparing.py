"""Matching from end to end: records in, scored pairs out. No database, no settings."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from contacts.matching.blocking import candidates, chunks
from contacts.matching.columns import Ints
from contacts.matching.kinds import Kind, model_of
from contacts.matching.people_columns import Population

FLOOR = 0.3
"""Pairs below this likeness are never shown or kept, whatever the settings."""
CHUNK = 200_000


@dataclass(frozen=True)
class ScoredPair:
    """Two ids, the lower first, their likeness from 0 to 1, and the levels at which they agree."""

    a: int
    b: int
    score: float
    levels: dict[str, str]


def frozen_columns(kind: Kind, records: Iterable[Any], population: Population | None = None) -> Any:
    """The records as columns; ids must be distinct."""
    columns = kind.columns()
    for record in records:
        columns.add(record)
    return columns.freeze(population)


def candidate_pairs(frozen: Any, tick: Callable[[str], None] = lambda name: None) -> Ints:
    """The pairs worth comparing, packed and ascending."""
    return candidates(frozen.blocks(), len(frozen), tick)


def scored_chunks(
    kind: Kind, frozen: Any, pairs: Ints, *, after: int = 0, chunk: int = CHUNK
) -> Iterator[tuple[int, int, list[ScoredPair]]]:
    """(lower id up to which all is done, number of pairs compared, those of at least FLOOR) of one chunk after
    the other. Pairs whose lower id is not above `after` are passed over: that is where a scan goes on."""
    size, model = len(frozen), model_of(kind)
    start = int(np.searchsorted(frozen.ids, after, side="right")) if size else 0
    rest = pairs[np.searchsorted(pairs, start * size) :]
    done = len(pairs) - len(rest)
    for left, right in chunks(rest, size, chunk):
        done += len(left)
        levels = frozen.levels(left, right)
        scores = model.scores(levels)
        found = [
            ScoredPair(
                int(frozen.ids[left[row]]),
                int(frozen.ids[right[row]]),
                round(float(scores[row]), 4),
                kind.shape.words(levels[row].tolist()),
            )
            for row in np.flatnonzero(scores >= FLOOR).tolist()
        ]
        yield int(frozen.ids[left[-1]]), done, found


def compare_all(kind: Kind, records: Iterable[Any], population: Population | None = None) -> list[ScoredPair]:
    """Every pair of at least FLOOR among the records, which come in the order of their ids."""
    frozen = frozen_columns(kind, sorted(records, key=lambda record: record.id), population)
    return [
        pair for _last, _done, found in scored_chunks(kind, frozen, candidate_pairs(frozen)) for pair in found
    ]


def compare_new(
    kind: Kind, known: Sequence[Any], new: Sequence[Any], population: Population | None = None
) -> list[list[ScoredPair]]:
    """For each new record its pairs of at least FLOOR with known ones, the likest first. `a` is the known id
    and `b` the place of the new record in `new`."""
    size, first = len(known) + len(new), len(known)
    frozen = frozen_columns(kind, [*known, *new], population)
    pairs = candidate_pairs(frozen)
    left, right = (pairs // size).astype(np.int32), (pairs % size).astype(np.int32)
    wanted = (left < first) & (right >= first)
    left, right = left[wanted], right[wanted]
    levels = frozen.levels(left, right)
    scores = model_of(kind).scores(levels)
    found: list[list[ScoredPair]] = [[] for _record in new]
    for row in np.flatnonzero(scores >= FLOOR).tolist():
        place = int(right[row]) - first
        likeness = round(float(scores[row]), 4)
        words = kind.shape.words(levels[row].tolist())
        found[place].append(ScoredPair(int(frozen.ids[left[row]]), place, likeness, words))
    for pairs_of_one in found:
        pairs_of_one.sort(key=lambda pair: (-pair.score, pair.a))
    return found
