"""Transactions for the engines' tests: made up with known parameters, or read from the CDNOW files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from analytics.lifetime_value.bg_nbd import BgNbd
from analytics.lifetime_value.rfm import FloatArray, IntArray

CDNOW_SPLIT = date(1997, 9, 30)


@dataclass(frozen=True)
class Transactions:
    customer: IntArray
    day: IntArray
    amount: FloatArray


def simulate(model: BgNbd, customers: int, *, ages: tuple[int, int], seed: int) -> Transactions:
    """Customers who behave exactly as BG/NBD says, times cut to whole days; the last day is `ages[1]`."""
    rng = np.random.default_rng(seed)
    end = ages[1]
    age = rng.integers(*ages, customers)
    rate = rng.gamma(model.r, 1 / model.alpha, customers)
    leaving = rng.beta(model.a, model.b, customers)
    clock = (end - age).astype(np.float64)
    who, when = [np.arange(customers)], [end - age]
    alive = np.arange(customers)
    while len(alive):
        clock[alive] += rng.exponential(1 / rate[alive])
        alive = alive[clock[alive] < end]
        who.append(alive)
        when.append(clock[alive].astype(np.int64))
        alive = alive[rng.random(len(alive)) >= leaving[alive]]
    customer, day = np.concatenate(who), np.concatenate(when)
    return Transactions(customer, day, np.full(len(day), 10.0))


def cdnow_sample(sample_data: Path) -> Transactions:
    """The 2,357 customers that the literature uses: master id, own id, day, CDs, dollars."""
    lines = (sample_data / "cdnow" / "CDNOW_sample.txt").read_text().split("\n")
    rows = [line.split() for line in lines if line.strip()]
    return Transactions(
        np.array([int(row[1]) for row in rows]),
        np.array([date.fromisoformat(f"{r[2][:4]}-{r[2][4:6]}-{r[2][6:]}").toordinal() for r in rows]),
        np.array([float(row[4]) for row in rows]),
    )
