"""Lifetime value against the lifetimes library, which runs in an environment of its own: CPU seconds.

`python -m bench.lifetime_value [--customers N]` prints the rows as JSON. Where lifetimes can't be installed
or fails, `reference`, `ratio` and `met` are null.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from analytics.churn import explain, typical_customer
from analytics.lifetime_value import fit_bg_nbd, fit_gamma_gamma, lifetime_value, summarise
from analytics.lifetime_value.bg_nbd import BgNbd
from bench.environments import interpreter_with

REFERENCE = ("lifetimes==0.11.3", "numpy<2", "pandas<2", "scipy<1.12")
GOAL_RATIO = 20.0
END_DAY = 730
HORIZON_DAYS = 90.0
# Chosen so that a million customers make some 11 million transactions, a usual shop's two years.
CUSTOMERS = BgNbd(r=1.2, alpha=35.0, a=0.6, b=14.0)


def measure(customers: int = 1_000_000) -> list[dict[str, Any]]:
    """Our CPU seconds for each step beside those of lifetimes on the same transactions."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "transactions.npz"
        customer, day, amount = _transactions(customers)
        np.savez(data, customer=customer, day=day, amount=amount, end_day=END_DAY, horizon=HORIZON_DAYS)
        ours = _ours(customer, day, amount)
        theirs = _theirs(data)
    rows = []
    for name, seconds in ours.items():
        reference = theirs.get(name)
        ratio = reference / seconds if reference is not None else None
        compared = name != "churn_reasons"  # lifetimes has no such thing
        rows.append(
            {
                "name": f"lifetime_value.{name}",
                "value": round(seconds, 4),
                "unit": "CPU s",
                "reference": None if reference is None else round(reference, 3),
                "ratio": None if ratio is None else round(ratio, 1),
                "goal": GOAL_RATIO if compared else None,
                "met": None if ratio is None or not compared else ratio >= GOAL_RATIO,
            }
        )
    return rows


def _transactions(customers: int) -> tuple[Any, Any, Any]:
    """Customers who buy and leave as BG/NBD says, in random order; spends are gamma around one's own mean."""
    rng = np.random.default_rng(20)
    age = rng.integers(30, END_DAY, customers)
    rate = rng.gamma(CUSTOMERS.r, 1 / CUSTOMERS.alpha, customers)
    leaving = rng.beta(CUSTOMERS.a, CUSTOMERS.b, customers)
    clock = (END_DAY - age).astype(np.float64)
    who, when = [np.arange(customers)], [END_DAY - age]
    alive = np.arange(customers)
    while len(alive):
        clock[alive] += rng.exponential(1 / rate[alive])
        alive = alive[clock[alive] < END_DAY]
        who.append(alive)
        when.append(clock[alive].astype(np.int64))
        alive = alive[rng.random(len(alive)) >= leaving[alive]]
    customer, day = np.concatenate(who), np.concatenate(when)
    mean = 15.0 / rng.gamma(3.7, 1.0, customers)
    amount = rng.gamma(6.25, mean[customer])
    order = rng.permutation(len(customer))
    return customer[order], day[order], np.round(amount[order], 2)


def _ours(customer: Any, day: Any, amount: Any) -> dict[str, float]:
    times: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = work()
        times[name] = time.process_time() - start
        return result

    summary = timed("summary", lambda: summarise(customer, day, amount, end_day=END_DAY))
    x, recency, age = summary.frequency, summary.recency, summary.age
    model = timed("bg_nbd_fit", lambda: fit_bg_nbd(summary))
    timed("bg_nbd_predict", lambda: model.expected_purchases(x, recency, age, HORIZON_DAYS))
    spending = timed("gamma_gamma_fit", lambda: fit_gamma_gamma(summary.frequency, summary.repeat_mean_spend))
    timed(
        "value_12_months",
        lambda: lifetime_value(
            model, summary, spending.expected_spend(summary.frequency, summary.repeat_mean_spend)
        ),
    )
    typical = typical_customer(summary)
    timed("churn_reasons", lambda: explain(model, x, recency, age, typical=typical, days=HORIZON_DAYS))
    return times


def _theirs(data: Path) -> dict[str, float]:
    """CPU seconds of lifetimes by the same names, or nothing when it could not be had."""
    try:
        python = interpreter_with("lifetimes", REFERENCE)
        script = Path(__file__).with_name("lifetimes_reference.py")
        done = subprocess.run(
            [python, script, data], check=True, capture_output=True, text=True, timeout=1800
        )
    except (OSError, subprocess.SubprocessError) as problem:
        print(f"lifetimes could not run: {problem}", file=sys.stderr)
        return {}
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    print(json.dumps(measure(parser.parse_args().customers), indent=1))
