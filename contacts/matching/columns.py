"""Rows as columns of small integers: what makes a million records fit into memory and compare at once."""

from array import array
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
NOTHING = -1


class Vocabulary:
    """Texts numbered in the order of their first appearance."""

    def __init__(self) -> None:
        self.codes: dict[Any, int] = {}
        self.values: list[Any] = []

    def code(self, value: Any) -> int:
        """The number of `value`; -1 for nothing."""
        if not value:
            return NOTHING
        known = self.codes.get(value)
        if known is None:
            known = self.codes[value] = len(self.values)
            self.values.append(value)
        return known

    def close(self) -> None:
        """Forget the way from texts to codes: nothing more is added, and half of the memory is free again."""
        self.codes = {}

    def __len__(self) -> int:
        return len(self.values)


class Slots:
    """A column that holds up to `width` codes for each row."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._flat = array("i")

    def add(self, codes: Iterable[int]) -> None:
        known = [code for code in dict.fromkeys(codes) if code != NOTHING][: self.width]
        self._flat.extend(known)
        self._flat.extend([NOTHING] * (self.width - len(known)))

    def frozen(self) -> Codes:
        return np.frombuffer(self._flat, dtype=np.int32).reshape(-1, self.width)


def holders(slots: Codes, size: int) -> Ints:
    """How many rows hold each code."""
    return np.bincount(slots[slots >= 0], minlength=size).astype(np.int64)


def unique_pairs(left: Codes, right: Codes) -> tuple[Codes, Codes, Ints]:
    """The distinct unordered pairs of codes among `zip(left, right)`, and for each row the place of its pair."""
    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    packed, place = np.unique((low << 32) | high, return_inverse=True)
    return (packed >> 32).astype(np.int32), (packed & 0xFFFFFFFF).astype(np.int32), place.astype(np.int64)


def compare_codes(left: Codes, right: Codes, level: Any, same: int, missing: int) -> NDArray[np.int8]:
    """`level(code, code)` for each row, worked out once for each distinct pair; equal codes are `same`, an
    unknown one is `missing`."""
    found = np.full(len(left), missing, dtype=np.int8)
    equal = (left == right) & (left >= 0)
    found[equal] = same
    rest = np.flatnonzero((left >= 0) & (right >= 0) & ~equal)
    if len(rest):
        one, other, place = unique_pairs(left[rest], right[rest])
        levels = np.fromiter(map(level, one.tolist(), other.tolist()), dtype=np.int8, count=len(one))
        found[rest] = levels[place]
    return found


def best_of_slots(left: Codes, right: Codes, level: Any, same: Any, missing: int) -> NDArray[np.int8]:
    """The lowest (strongest) level over all combinations of two rows' slots. `same(codes)` gives the levels of
    codes that are equal."""
    found = np.full(len(left), missing, dtype=np.int8)
    for one in range(left.shape[1]):
        for other in range(right.shape[1]):
            both = np.flatnonzero((left[:, one] >= 0) & (right[:, other] >= 0))
            if not len(both):
                continue
            x, y = left[both, one], right[both, other]
            levels = compare_codes(x, y, level, 0, missing)
            equal = x == y
            levels[equal] = same(x[equal])
            found[both] = np.minimum(found[both], levels)
    return found


def rows_of(slots: Codes) -> tuple[Codes, Codes]:
    """The known codes of all slots and the rows that they stand in."""
    rows, places = np.nonzero(slots >= 0)
    return rows.astype(np.int32), slots[rows, places]


def combined(rows: Codes, codes: Codes, other: Codes) -> tuple[Codes, Ints]:
    """Keys «code and other's code» for the rows where both are known. `other` is a column of slots."""
    found_rows: list[Codes] = []
    found_keys: list[Ints] = []
    for slot in range(other.shape[1]):
        second = other[rows, slot]
        known = second >= 0
        found_rows.append(rows[known])
        found_keys.append((codes[known].astype(np.int64) << 32) | second[known].astype(np.int64))
    return np.concatenate(found_rows), np.concatenate(found_keys)


def as_slots(column: NDArray[Any]) -> Codes:
    return np.asarray(column, dtype=np.int32).reshape(-1, 1)
