"""Score every customer with orders, here and now."""

import json
import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics.services.scoring_start import start_scoring
from core.jobs.running import run as run_job


class Command(BaseCommand):
    help = (
        "Fits the lifetime value and churn models to all orders and writes a metric for every customer."
        " Ends with one JSON line: state, scored, as_of, runs (by population), job, error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="leave out orders after this day")

    def handle(self, *args: Any, **options: Any) -> None:
        job = start_scoring(actor=None, as_of=_day(options["as_of"]))
        run_job(job.pk)
        job.refresh_from_db()
        while job.is_open:  # a worker was faster: its result is waited for
            time.sleep(0.5)
            job.refresh_from_db()
        line = {"job": job.pk, "state": job.state, "error": job.error, "scored": 0, **job.result}
        self.stdout.write(json.dumps(line))
        if job.error:
            raise CommandError(job.error)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--as-of: “{text}” is not a date; write it as 2026-01-31.") from None
