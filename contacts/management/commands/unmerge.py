"""`unmerge LOG` takes a merge back and ends with one JSON line."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.models import MergeLog
from contacts.services.merging import CantUndo, unmerge
from core.history.context import acting


class Command(BaseCommand):
    help = "Undo a merge; what has changed since is kept and listed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("log", type=int, help="the number that merge_contacts printed")

    def handle(self, *args: Any, **options: Any) -> None:
        log = MergeLog.objects.filter(pk=options["log"]).first()
        if log is None:
            raise CommandError(f"There is no merge {options['log']}.")
        try:
            with acting(None, cause="command:unmerge"):
                outcome = unmerge(actor=None, log=log)
        except CantUndo as error:
            first = f" (unmerge {error.first})" if error.first else ""
            raise CommandError(f"{error}{first}") from error
        kept = [one.as_dict() for one in outcome.kept]
        self.stdout.write(
            json.dumps(
                {
                    "log": log.pk,
                    "restored": [log.survivor_id, *log.merged_ids],
                    "rows": outcome.rows,
                    "kept": kept,
                }
            )
        )
