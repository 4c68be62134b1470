"""Which pairs are worth comparing: those that share a key which few others have."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from contacts.matching.columns import Codes, Ints


@dataclass(frozen=True)
class Block:
    """Rows with their keys. A key that more than `cap` rows have says nothing and is left out."""

    name: str
    rows: Codes
    keys: Ints
    cap: int


def pairs_of(block: Block) -> tuple[Codes, Codes]:
    """Every pair of rows with a common key, the lower row first; pairs may repeat."""
    order = np.lexsort((block.rows, block.keys))
    keys, rows = block.keys[order], block.rows[order]
    if len(keys):
        fresh = np.ones(len(keys), dtype=bool)
        fresh[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
        keys, rows = keys[fresh], rows[fresh]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, dtype=int)
    sizes = np.diff(np.r_[starts, len(keys)])
    small = np.repeat((sizes > 1) & (sizes <= block.cap), sizes)
    keys, rows = keys[small], rows[small]
    left: list[Codes] = []
    right: list[Codes] = []
    places = np.arange(len(keys))
    for distance in range(1, block.cap):
        places = places[places + distance < len(keys)]
        places = places[keys[places] == keys[places + distance]]
        if not len(places):
            break
        left.append(rows[places])
        right.append(rows[places + distance])
    if not left:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    return np.concatenate(left), np.concatenate(right)


def candidates(blocks: Iterable[Block], size: int, tick: Callable[[str], None] = lambda name: None) -> Ints:
    """All distinct pairs as `low * size + high`, ascending. `tick` is told each block's name."""
    known = np.zeros(0, dtype=np.int64)
    for block in blocks:
        left, right = pairs_of(block)
        packed = np.unique(left.astype(np.int64) * size + right)
        known = np.union1d(known, packed) if len(known) else packed
        tick(block.name)
    return known


def chunks(pairs: Ints, size: int, length: int) -> Iterator[tuple[Codes, Codes]]:
    """The pairs as rows, `length` at a time, never parting the pairs of one low row."""
    start = 0
    while start < len(pairs):
        end = min(start + length, len(pairs))
        if end < len(pairs):
            last = pairs[end - 1] // size
            end = int(np.searchsorted(pairs, (last + 1) * size))
        part = pairs[start:end]
        yield (part // size).astype(np.int32), (part % size).astype(np.int32)
        start = end
