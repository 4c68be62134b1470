"""Learn the weights of `contacts/matching` from a labelled set: `python -m bench.duplicates_learning`.

Logistic regression (L1, liblinear) over agreement levels and their cross terms, each distinct row of levels once
with its counts. Writes `contacts/matching/weights_*.csv` with where they come from.
"""

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.duplicates_companies import labelled_companies
from bench.duplicates_data import Labelled, labelled_people, true_pairs
from contacts.matching.agreement import Shape
from contacts.matching.blocking import candidates, chunks
from contacts.matching.kinds import KINDS, Kind

SEED, RECORDS, STRENGTH = 1, 400_000, 1.0
MAKERS = {"contact": labelled_people, "company": labelled_companies}


@dataclass
class Compared:
    """The candidates of a labelled set with their levels, and which of them are true."""

    frozen: Any
    pairs: NDArray[np.int64]
    levels: NDArray[np.int8]
    true: NDArray[np.bool_]
    truth: NDArray[np.int64]


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
    return Compared(frozen, pairs, np.concatenate(levels), np.isin(pairs, truth), truth)


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
    model = LogisticRegression(C=STRENGTH, solver="liblinear", l1_ratio=1, max_iter=1000)
    model.fit(sparse.vstack([rows, rows])[known], answers[known], sample_weight=weights[known])
    found = dict(zip(kind.shape.terms(), model.coef_[0].tolist(), strict=True))
    found["intercept"] = float(model.intercept_[0]) + found["intercept"]
    return {term: round(weight, 2) for term, weight in found.items() if abs(weight) >= 0.03}


def write(kind: Kind, weights: dict[str, float], compared: Compared) -> None:
    lines = [
        "# Weights of the logistic model, in the order of the terms; made by python -m bench.duplicates_learning",
        f"# seed {SEED}, {len(compared.frozen):,} records, {len(compared.pairs):,} candidate pairs,"
        f" {int(compared.true.sum()):,} of them true; L1, C = {STRENGTH}; terms below 0.03 left out",
        "term,weight",
    ]
    lines += [f"{term},{weight}" for term, weight in weights.items()]
    kind.weights_file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--only", choices=KINDS)
    arguments = parser.parse_args()
    for kind in KINDS.values():
        if arguments.only in (None, kind.key):
            compared = compare(kind, MAKERS[kind.key](SEED, arguments.records))
            write(kind, learn(kind, compared), compared)


if __name__ == "__main__":
    main()
