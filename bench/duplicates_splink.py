"""Splink over the same labelled people, in an environment of its own: `python -m bench.duplicates_splink N SEED`.

Its usual comparisons (names by Jaro-Winkler with term frequencies, e-mail, phone, birthday, postcode), parameters by
random sampling and expectation maximisation as its documentation shows, pairs of a chance of at least one half.
"""

import json
import logging
import subprocess
import sys
from typing import Any

from bench.environments import interpreter_with

PACKAGES = ("splink==5.0.0", "pandas", "pyarrow", "faker", "anyascii", "rapidfuzz", "numpy", "django")
BLOCKS = (
    ("email",), ("phone",), ("birthday", "last_name"), ("postcode", "last_name"), ("company", "last_name"),
    ("first_name", "last_name"), ("birthday", "first_name"), ("postcode", "first_name"), ("company", "first_name"),
)  # fmt: skip


def environment() -> str:
    """The interpreter that has Splink; empty where it can't be had."""
    try:
        return str(interpreter_with("splink", PACKAGES))
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return ""


def measure(records: int, seed: int) -> tuple[float, float]:
    """Pair precision and recall."""
    from bench.duplicates_data import labelled_people, true_pairs

    labelled = labelled_people(seed, records)
    truth = true_pairs(labelled)
    found = predict(table_of(labelled.records))
    right = len(found & truth)
    return round(right / max(len(found), 1), 4), round(right / len(truth), 4)


def table_of(records: list[Any]) -> Any:
    """The people as a data frame, one value of each kind."""
    import pandas

    return pandas.DataFrame(
        {
            "unique_id": record.id,
            "first_name": record.first_name or None,
            "last_name": record.last_name or None,
            "email": next(iter(record.emails), None),
            "phone": next(iter((*record.mobiles, *record.phones)), None),
            "birthday": record.birthday.isoformat() if record.birthday else None,
            "postcode": next((a[1] for a in record.addresses if a[1]), None),
            "company": str(record.companies[0]) if record.companies else None,
        }
        for record in records
    )


def settings() -> Any:
    """Splink's usual comparisons, and the pairs that it looks at."""
    from splink import SettingsCreator, block_on
    from splink import comparison_library as comparisons

    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            comparisons.NameComparison("first_name").configure(term_frequency_adjustments=True),
            comparisons.NameComparison("last_name").configure(term_frequency_adjustments=True),
            comparisons.EmailComparison("email"),
            comparisons.ExactMatch("phone"),
            comparisons.DateOfBirthComparison("birthday", input_is_string=True),
            comparisons.ExactMatch("postcode"),
            comparisons.ExactMatch("company"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*names) for names in BLOCKS],
    )


def predict(table: Any) -> set[tuple[int, int]]:
    """Train, and the pairs of a chance of at least one half."""
    from splink import DuckDBAPI, Linker, block_on

    database = DuckDBAPI()
    linker = (
        Linker(database.register(table), settings())
        if hasattr(database, "register")
        else Linker(table, settings(), database)
    )
    linker.training.estimate_probability_two_random_records_match([block_on("email")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000)
    for rule in (block_on("email"), block_on("first_name", "last_name"), block_on("phone")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    rows = linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()
    return {(min(a, b), max(a, b)) for a, b in zip(rows["unique_id_l"], rows["unique_id_r"], strict=True)}


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))
