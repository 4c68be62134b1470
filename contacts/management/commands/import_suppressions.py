"""`import_suppressions FILE` leaves every address of a list alone, and ends with one JSON line."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from contacts.enums import SuppressionCause, SuppressionScope
from contacts.services.suppressions import import_suppressions
from core.history.context import acting


class Command(BaseCommand):
    help = "Leave every e-mail address of a file alone: one a line, or the first cell with an @."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--cause", choices=SuppressionCause.values, default=SuppressionCause.MANUAL)
        parser.add_argument("--reach", choices=SuppressionScope.values, default=SuppressionScope.MARKETING)
        parser.add_argument("--source", default="", help="where the list comes from")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_bytes().decode("utf-8-sig", errors="replace")
        except OSError as error:
            raise CommandError(str(error)) from error
        given = {name: options[name] for name in ("cause", "reach", "source")}
        with acting(None, cause="command:import_suppressions"):
            try:
                outcome = import_suppressions(actor=None, text=text, limit=None, **given)
            except ValidationError as error:
                raise CommandError("; ".join(error.messages)) from error
        for number, words in outcome.wrong:
            self.stdout.write(f"line {number}: {words}")
        self.stdout.write(
            json.dumps({"added": outcome.added, "known": outcome.known, "wrong": len(outcome.wrong)})
        )
