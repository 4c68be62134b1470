"""`export_person EMAIL` writes down all that is kept about a person and ends with one JSON line."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.management.person import person_at
from contacts.services.archive import person_archive
from contacts.services.privacy import export_contact
from core.history.context import acting


class Command(BaseCommand):
    help = "Export all that is kept about a person, for an access request."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--contact", type=int, help="which one, where several people share the address")
        parser.add_argument(
            "--output",
            type=Path,
            help="a file for the data, .json or .zip (JSON, CSV and files); without it the JSON line holds it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        contact = person_at(options["email"], options["contact"])
        with acting(None, cause="command:export_person"):
            found = export_contact(actor=None, contact=contact)
        summary = {"contact": contact.pk, "rows": sum(len(rows) for rows in found["data"].values())}
        output: Path | None = options["output"]
        if output is None:
            self.stdout.write(json.dumps({**summary, "data": found["data"]}, ensure_ascii=False))
            return
        if output.suffix == ".zip":
            content = person_archive(actor=None, contact=contact)
        else:
            content = json.dumps(found, ensure_ascii=False, indent=2).encode()
        try:
            write_private(output, content)
        except OSError as error:
            raise CommandError(f"{output} can't be written: {error.strerror}.") from error
        self.stdout.write(json.dumps({**summary, "file": str(output)}))


def write_private(path: Path, content: bytes) -> None:
    """A file that its owner alone can read, also where one stood there before. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, 0o600)
        file.write(content)
