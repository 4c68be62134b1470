"""Duplicates: precision and recall of pairs on a labelled set never looked at, and the scan of a whole database.

`python -m bench.duplicates [--judged N] [--scanned N] [--sample N]` prints the rows as JSON. The weights were
learnt on seeds 1 and 2 (`bench.duplicates_learning`); what is judged has another. Beside them, on the same people:
exact e-mail, rules (same e-mail or phone, surname and initial), and Splink, untuned, on a sample in an
environment of its own. The scan is the real job over people that were put into the tables by COPY; its memory is
the peak of its own process.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from itertools import combinations
from typing import Any

from bench.duplicates_categories import by_category
from bench.duplicates_companies import labelled_companies
from bench.duplicates_data import Labelled, labelled_people, true_pairs
from bench.rows import row

JUDGED_SEED, SCANNED_SEED = 20_261, 20_262
PRECISION_GOAL, RECALL_GOAL, SECONDS_GOAL, MEGABYTES_GOAL = 0.98, 0.90, 600, 2048
Pairs = set[tuple[int, int]]


def measure(judged: int, scanned: int, sample: int) -> list[dict[str, Any]]:
    """All rows; the large parts run in processes of their own, so that each has its own memory."""
    rows = judge(judged)
    rows += judge_companies(judged // 5)
    rows += splink(sample)
    rows += scan(scanned)
    return rows


def judge(records: int) -> list[dict[str, Any]]:
    """Precision and recall at the likeness from which people are asked, and of the baselines."""
    from contacts.matching.comparing import compare_all
    from contacts.matching.groups import groups_of
    from contacts.matching.kinds import CONTACT

    labelled = labelled_people(JUDGED_SEED, records)
    truth = true_pairs(labelled)
    found = {(p.a, p.b): p.score for p in compare_all(CONTACT, labelled.records)}
    shown = {pair for pair, score in found.items() if score >= REVIEW}
    safe = {pair for pair, score in found.items() if score >= SAFE}
    grouped = {
        pair for group in groups_of(found, join=REVIEW, hold=REVIEW) for pair in combinations(group, 2)
    }
    precision, recall = precision_recall(shown, truth)
    rows = [
        row("duplicates.pair_precision", precision, "", PRECISION_GOAL, precision >= PRECISION_GOAL),
        row(
            "duplicates.pair_recall", recall, "", RECALL_GOAL, recall >= RECALL_GOAL,
            categories=by_category(labelled, shown, truth),
        ),
    ]  # fmt: skip
    for name, pairs in (
        ("grouped", grouped),
        ("safe", safe),
        ("exact_email", sharing(labelled, lambda r: r.emails)),
        ("rules", ruled(labelled)),
    ):
        precision, recall = precision_recall(pairs, truth)
        rows += [
            row(f"duplicates.{name}_precision", precision, ""),
            row(f"duplicates.{name}_recall", recall, ""),
        ]
    return rows


def judge_companies(records: int) -> list[dict[str, Any]]:
    """The same for companies."""
    from contacts.matching.comparing import compare_all
    from contacts.matching.kinds import COMPANY

    labelled = labelled_companies(JUDGED_SEED, records)
    found = {(p.a, p.b) for p in compare_all(COMPANY, labelled.records) if p.score >= REVIEW}
    precision, recall = precision_recall(found, true_pairs(labelled))
    return [
        row("duplicates.company_precision", precision, "", PRECISION_GOAL, precision >= PRECISION_GOAL),
        row("duplicates.company_recall", recall, "", RECALL_GOAL, recall >= RECALL_GOAL),
    ]


REVIEW, SAFE = 0.65, 0.98
"""The settings of a new installation."""


def precision_recall(found: Pairs, truth: Pairs) -> tuple[float, float]:
    right = len(found & truth)
    return round(right / max(len(found), 1), 4), round(right / len(truth), 4)


def sharing(labelled: Labelled, values: Any) -> Pairs:
    """The pairs of records that share any of `values(record)`."""
    holders: dict[Any, list[int]] = defaultdict(list)
    for record in labelled.records:
        for value in values(record):
            holders[value].append(record.id)
    return {tuple(sorted(p)) for ids in holders.values() for p in combinations(ids, 2)}  # type: ignore[misc]


def ruled(labelled: Labelled) -> Pairs:
    """The rule most CRMs have: the same e-mail or number, the same surname and first initial."""
    name = {r.id: (r.last_name.casefold(), r.first_name[:1].casefold()) for r in labelled.records}
    shared = sharing(labelled, lambda r: (*r.emails, *r.phones, *r.mobiles))
    return {(a, b) for a, b in shared if name[a] == name[b]}


def splink(records: int) -> list[dict[str, Any]]:
    """Splink with its usual comparisons, in its own environment; `value` is null where it can't run."""
    from bench.duplicates_splink import environment

    python = environment()
    values: list[Any] = [None, None]
    if python:
        command = [python, "-W", "ignore", "-m", "bench.duplicates_splink", str(records), str(JUDGED_SEED)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            values = json.loads(done.stdout.strip().splitlines()[-1])
        else:
            print(done.stderr[-1500:], file=sys.stderr)
    return [
        row(f"duplicates.splink_{name}", value, f"at {records}")
        for name, value in zip(("precision", "recall"), values, strict=True)
    ]


def scan(records: int) -> list[dict[str, Any]]:
    """Wall seconds and peak memory of the job, and what it left in the database."""
    from bench.database import bench_database

    with bench_database():
        import django

        django.setup()
        from bench.duplicates_loading import load

        labelled = labelled_people(SCANNED_SEED, records)
        ids = load(labelled)
        truth = {tuple(sorted((ids[a], ids[b]))) for a, b in true_pairs(labelled)}
        del labelled
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "manage.py", "find_duplicates", "--kind", "contact"],
            stdout=subprocess.PIPE, text=True, check=True, env=dict(os.environ),
        )  # fmt: skip
        result = json.loads(done.stdout.strip().splitlines()[-1])
        from contacts.models import ContactDuplicate

        kept = ContactDuplicate.objects.filter(score__gte=REVIEW).values_list("a_id", "b_id")
        precision, recall = precision_recall(set(kept.iterator()), truth)  # type: ignore[arg-type]
    seconds, megabytes = result["contact_seconds"], result["megabytes"]
    return [
        row("duplicates.scan_records", result["records"], "people"),
        row("duplicates.scan_compared", result["compared"], "pairs"),
        row("duplicates.scan_seconds", seconds, "s", SECONDS_GOAL, seconds <= SECONDS_GOAL),
        row("duplicates.scan_memory", megabytes, "MB", MEGABYTES_GOAL, megabytes <= MEGABYTES_GOAL),
        row("duplicates.scan_precision", precision, "", PRECISION_GOAL, precision >= PRECISION_GOAL),
        row("duplicates.scan_recall", recall, "", RECALL_GOAL, recall >= RECALL_GOAL),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--judged", type=int, default=200_000)
    parser.add_argument("--scanned", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=40_000)
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.judged, arguments.scanned, arguments.sample), indent=1))
