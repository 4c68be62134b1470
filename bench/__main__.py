"""`make bench`: run the parts, print the rows, write `bench/results/latest.json`. See README.md."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import pages

RESULTS = Path(__file__).parent / "results" / "latest.json"
# Each prints its rows as JSON; the sizes are small enough for a short run and large enough to be past start-up.
PARTS = {
    "campaign": ("bench.campaign", "--messages", "5000"),
    "lifetime_value": ("bench.lifetime_value", "--customers", "200000"),
    "segments": ("bench.segments", "--contacts", "10000", "--segments", "30"),
    "importing": ("bench.importing",),
    "duplicates": ("bench.duplicates", "--judged", "20000", "--scanned", "50000", "--sample", "10000"),
    "merging": ("bench.merging", "--pairs", "2000"),
    "browser": ("bench.browser",),
}
FULL_PARTS = {
    "campaign": ("bench.campaign",),
    "lifetime_value": ("bench.lifetime_value",),
    "segments": ("bench.segments",),
    "importing": ("bench.importing", "--rows", "100000", "--contacts", "1000000"),
    "duplicates": ("bench.duplicates",),
    "merging": ("bench.merging",),
    "browser": ("bench.browser",),
}


def main() -> int:
    """0 when every goal that was compared is met and every part ran, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="pages at 1,000,000 contacts too, whole sizes")
    parser.add_argument(
        "--only", action="append", choices=["pages", *PARTS], help="one part; may be repeated"
    )
    arguments = parser.parse_args()
    wanted = arguments.only or ["pages", *PARTS]
    rows: list[dict[str, Any]] = []
    failed: list[str] = []
    if "pages" in wanted:
        for contacts in (pages.SMALL, pages.FULL) if arguments.full else (pages.SMALL,):
            rows += pages.measure(contacts)
        rows += pages.growth(rows)
    for name, command in (FULL_PARTS if arguments.full else PARTS).items():
        if name not in wanted or importlib.util.find_spec(command[0]) is None:
            continue
        try:
            rows += _part(command)
        except (subprocess.CalledProcessError, ValueError) as error:
            failed.append(f"{name}: {error}")
    _write(rows, failed)
    for row in rows:
        print(_line(row))
    for text in failed:
        print(f"could not run: {text}", file=sys.stderr)
    return 1 if failed or any(row["met"] is False for row in rows) else 0


def _part(command: tuple[str, ...]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *command], check=True, stdout=subprocess.PIPE, text=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _write(rows: list[dict[str, Any]], failed: list[str]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    machine = f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}"
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine,
        "load_before": os.getloadavg()[2],
        "failed": failed,
        "rows": rows,
    }
    RESULTS.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _line(row: dict[str, Any]) -> str:
    met = {True: "met", False: "NOT met", None: ""}[row["met"]]
    compared = "" if row["ratio"] is None else f"  ratio {row['ratio']}"
    goal = "" if row["goal"] is None else f"  goal {row['goal']}"
    return f"{row['name']:48}{row['value']:>14} {row['unit']:10}{compared}{goal}  {met}"


if __name__ == "__main__":
    sys.exit(main())
