"""Learn the weights of `contacts/matching` from labelled sets: `python -m bench.duplicates_learning`.

Logistic regression (L1, liblinear) over agreement levels and their cross terms, each distinct row of levels once
with its counts. Writes `contacts/matching/weights_*.csv` with where they come from.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.duplicates_companies import labelled_companies
from bench.duplicates_data import Labelled, labelled_people, true_pairs
from contacts.matching.agreement import Shape
from contacts.matching.blocking import candidates, chunks
from contacts.matching.kinds import KINDS, Kind

SEEDS = (1, 2)
RECORDS = {"contact": 250_000, "company": 100_000}
"""Of each seed; installations have fewer companies than people."""
STRENGTH = {"contact": 0.5, "company": 1.0}
"""scikit-learn's C: the smaller, the fewer terms count. Chosen on seed 7."""
MAKERS = {"contact": labelled_people, "company": labelled_companies}


@dataclass
class Compared:
    """The candidates of a labelled set with their levels, and which of them are true."""

    records: int
    levels: NDArray[np.int8]
    true: NDArray[np.bool_]


def compare(kind: Kind, labelled: Labelled) -> Compared:
    """Block and compare a labelled set in memory."""
    columns = kind.columns()
    for record in labelled.records:
        columns.add(record)
    frozen = columns.freeze()
    size = len(frozen)
    truth = np.array(sorted((a - 1) * size + b - 1 for a, b in true_pairs(labelled)), dtype=np.int64)
    pairs = candidates(frozen.blocks(), size)
    levels = [frozen.levels(left, right) for left, right in chunks(pairs, size, 250_000)]
    return Compared(size, np.concatenate(levels), np.isin(pairs, truth))


def together(sets: Sequence[Compared]) -> Compared:
    """Several labelled sets as one; no pair is of two of them."""
    return Compared(
        sum(part.records for part in sets),
        np.concatenate([part.levels for part in sets]),
        np.concatenate([part.true for part in sets]),
    )


def design(shape: Shape, levels: NDArray[np.int8]) -> Any:
    """One column for each term of the shape, in the order of `shape.terms()`; ones where it holds."""
    from scipy import sparse

    place = {term: number for number, term in enumerate(shape.terms())}
    columns = []
    for name, steps in shape.features.items():
        table = np.array([place[f"{name}={step}"] for step in steps])
        columns.append(table[levels[:, shape.names.index(name)]])
    for names in shape.crosses:
        number = np.zeros(len(levels), dtype=np.int64)
        for name in names:
            number = number * len(shape.features[name]) + levels[:, shape.names.index(name)]
        columns.append(place[shape.terms_of(names)[0]] + number)
    filled = np.stack(columns, axis=1)
    rows = np.repeat(np.arange(len(levels)), filled.shape[1])
    ones = np.ones(filled.size, dtype=np.float32)
    return sparse.csr_matrix((ones, (rows, filled.ravel())), shape=(len(levels), len(place)))


def learn(kind: Kind, compared: Compared) -> dict[str, float]:
    """The weights by term; terms that count for nothing are left out."""
    from sklearn.linear_model import LogisticRegression

    _values, first, place = np.unique(
        kind.shape.pack(compared.levels), return_index=True, return_inverse=True
    )
    counts = [np.bincount(place, weights=compared.true), np.bincount(place, weights=~compared.true)]
    rows = design(kind.shape, compared.levels[first])
    from scipy import sparse

    weights = np.concatenate(counts)
    answers = np.repeat([1, 0], len(first))
    known = weights > 0
    model = LogisticRegression(C=STRENGTH[kind.key], solver="liblinear", l1_ratio=1, max_iter=1000)
    model.fit(sparse.vstack([rows, rows])[known], answers[known], sample_weight=weights[known])
    found = dict(zip(kind.shape.terms(), model.coef_[0].tolist(), strict=True))
    found["intercept"] = float(model.intercept_[0]) + found["intercept"]
    return {term: round(weight, 2) for term, weight in found.items() if abs(weight) >= 0.03}


def write(kind: Kind, weights: dict[str, float], compared: Compared) -> None:
    lines = [
        "# Weights of the logistic model, in the order of the terms; made by python -m bench.duplicates_learning",
        f"# seeds {SEEDS}, {compared.records:,} records, {len(compared.true):,} candidate pairs,"
        f" {int(compared.true.sum()):,} of them true; L1, C = {STRENGTH[kind.key]}; terms below 0.03 left out",
        "term,weight",
    ]
    lines += [f"{term},{weight}" for term, weight in weights.items()]
    kind.weights_file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, help="of each seed")
    parser.add_argument("--only", choices=KINDS)
    arguments = parser.parse_args()
    for kind in KINDS.values():
        if arguments.only in (None, kind.key):
            compared = together([compare(kind, MAKERS[kind.key](seed, arguments.records)) for seed in SEEDS])
            write(kind, learn(kind, compared), compared)


if __name__ == "__main__":
    main()
