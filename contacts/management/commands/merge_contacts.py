"""`merge_contacts ID ID…` makes one contact of several and ends with one JSON line."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from contacts.enums import MergeOrigin
from contacts.services.merging import AlreadyMerged, merge_records
from core.history.context import acting


class Command(BaseCommand):
    help = "Merge contacts: the first goes on, unless nothing but a number is known of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", type=int, nargs="+", metavar="ID")
        parser.add_argument("--companies", action="store_true", help="the ids are companies")

    def handle(self, *args: Any, **options: Any) -> None:
        record_type = "company" if options["companies"] else "contact"
        try:
            with acting(None, cause="command:merge_contacts"):
                log = merge_records(
                    actor=None, record_type=record_type, ids=options["ids"], origin=MergeOrigin.COMMAND
                )
        except AlreadyMerged as error:
            live = " ".join(map(str, error.live))
            raise CommandError(f"Some of these were merged already. What is live now: {live}") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        summary = {"log": log.pk, "survivor": log.survivor_id, "merged": log.merged_ids, "rows": log.rows}
        self.stdout.write(json.dumps(summary))
