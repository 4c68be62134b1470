"""Agreement in levels, and the logistic model over them. The weights are a readable table beside this file."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.int8]
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """What two records of a kind are compared by: features with their levels, and which features, two or three,
    count together."""

    features: Mapping[str, tuple[str, ...]]
    crosses: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.features)

    def pack(self, levels: Levels) -> NDArray[np.int64]:
        """Each row of levels as one number."""
        packed = np.zeros(len(levels), dtype=np.int64)
        for column, steps in enumerate(self.features.values()):
            packed = packed * len(steps) + levels[:, column]
        return packed

    def words(self, row: Sequence[int]) -> dict[str, str]:
        """A row of levels by name."""
        return {name: steps[level] for (name, steps), level in zip(self.features.items(), row, strict=True)}

    def terms(self) -> list[str]:
        """Every term that a weight may stand for."""
        found = ["intercept"]
        found += [f"{name}={step}" for name, steps in self.features.items() for step in steps]
        for names in self.crosses:
            found += self.terms_of(names)
        return found

    def terms_of(self, names: Sequence[str]) -> list[str]:
        """The terms of features that count together, the last feature's levels changing fastest."""
        steps = [[f"{name}={step}" for step in self.features[name]] for name in names]
        return [" & ".join(combination) for combination in product(*steps)]


class Model:
    """The chance that two records are one, from their levels of agreement."""

    def __init__(self, shape: Shape, weights: Mapping[str, float]) -> None:
        unknown = weights.keys() - set(shape.terms())
        if unknown:
            raise ValueError(f"no such terms: {sorted(unknown)[:5]}")
        self.shape = shape
        self.intercept = weights.get("intercept", 0.0)
        self.single = [
            np.array([weights.get(f"{name}={step}", 0.0) for step in steps])
            for name, steps in shape.features.items()
        ]
        place = {name: number for number, name in enumerate(shape.features)}
        self.cross = [
            (
                [place[name] for name in names],
                np.array([weights.get(term, 0.0) for term in shape.terms_of(names)]).reshape(
                    [len(shape.features[name]) for name in names]
                ),
            )
            for names in shape.crosses
        ]

    def scores(self, levels: Levels) -> Scores:
        """From 0 to 1, one for each row. Distinct rows are worked out once."""
        if not len(levels):
            return np.zeros(0)
        _packed, first, place = np.unique(self.shape.pack(levels), return_index=True, return_inverse=True)
        distinct = levels[first].astype(np.intp)
        total = np.full(len(distinct), self.intercept)
        for column, weights in enumerate(self.single):
            total += weights[distinct[:, column]]
        for columns, table in self.cross:
            total += table[tuple(distinct[:, column] for column in columns)]
        return (1.0 / (1.0 + np.exp(-np.clip(total, -40, 40))))[place]  # type: ignore[no-any-return]


@cache
def read_weights(path: Path) -> Mapping[str, float]:
    """The weights in a file of `term,weight` lines; lines with # say where they come from."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {row["term"]: float(row["weight"]) for row in csv.DictReader(lines)}


def cut(values: NDArray[np.int64], *limits: int) -> Levels:
    """0 for values up to the first limit, 1 up to the second, and so on.

    >>> cut(np.array([1, 3, 4, 11]), 3, 10).tolist()
    [0, 0, 1, 2]
    """
    if any(x >= y for x, y in pairwise(limits)):
        raise ValueError("limits ascend")
    return np.searchsorted(np.array(limits), values, side="left").astype(np.int8)
