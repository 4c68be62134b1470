"""`find_duplicates [--merge-safe] [--kind contact|company]`: look for duplicates, here and now."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from contacts.matching.kinds import KINDS
from contacts.services.duplicates import start_scan
from core.enums import JobState
from core.history.context import acting
from core.jobs.running import run


class Command(BaseCommand):
    help = (
        "Compare all people and companies for duplicates. Ends with one JSON line: records, compared, pairs, gone,"
        " merged, megabytes, job."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merge-safe", action="store_true", help="merge what is safe to merge")
        parser.add_argument(
            "--kind", action="append", choices=list(KINDS), help="only these; may be repeated"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(None, cause="command:find_duplicates"):
            waiting = start_scan(
                actor=None,
                kinds=options["kind"] or list(KINDS),
                merge_safe=options["merge_safe"],
                wake=False,
            )
        job = run(waiting.pk) or waiting
        job.refresh_from_db()
        if job.state != JobState.DONE:
            self.stderr.write(job.error or f"The search is {job.state}.")
        self.stdout.write(json.dumps({**job.result, "state": job.state, "job": job.pk}))
        if job.state != JobState.DONE:
            sys.exit(1)
