"""`export_records --target T --format csv|xlsx|vcard [--as EMAIL] [--output FILE]`: rows as a file, streamed."""

import io
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.enums import Action
from core.exporting.cards import card_type
from core.exporting.records import RecordExport
from core.exporting.running import write_file
from core.exporting.writing import FORMATS, TooManyRows, write_csv
from core.models import User
from core.registries import imports, records
from core.scope.access import profile_for
from core.services.exports import finish_record, record_export


class Command(BaseCommand):
    help = "Export the rows that a person may export (default: all of them) to a file or to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--target", required=True, help="companies, contacts, products, deals, orders, users"
        )
        parser.add_argument("--format", choices=list(FORMATS), default="csv")
        parser.add_argument("--as", dest="actor", metavar="EMAIL", help="in whose scope; default: the system")
        parser.add_argument("--output", type=Path, help="default: standard output (CSV alone)")

    def handle(self, *args: Any, **options: Any) -> None:
        record_type = _record_type(options["target"])
        actor = _actor(options["actor"], record_type) if options["actor"] else None
        output: Path | None = options["output"]
        if output is None and options["format"] == "xlsx":
            raise CommandError("An XLSX file needs --output FILE.")
        export = RecordExport(record_type, actor)
        if options["format"] == "vcard" and (output is None or card_type(record_type) is None):
            raise CommandError("vCards are of people, and need --output FILE.")
        entry = record_export(
            actor=actor, record_type=record_type, file_format=options["format"], columns=export.header
        )
        try:
            self._write(export, options["format"], output)
        except (OSError, TooManyRows) as error:
            raise CommandError(f"{output} can't be written: {error}") from error
        finally:
            finish_record(actor=actor, entry_id=entry.pk, rows=export.written, columns=export.header)

    def _write(self, export: RecordExport, kind: str, output: Path | None) -> None:
        if output is None:
            self._print(export)
            return
        write_file(output, kind, export)
        self.stderr.write(f"{export.written} rows written to {output}.")

    def _print(self, export: RecordExport) -> None:
        stream: Any = self.stdout._out
        if stream is sys.stdout:
            stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
        write_csv(stream, export.header, export.lines())
        stream.flush()
        if isinstance(stream, io.TextIOWrapper) and stream is not sys.stdout:
            stream.detach()


def _record_type(target: str) -> str:
    known = imports.get(target)
    key = known.record_type if known is not None else target
    if not records.known(key):
        targets = ", ".join(item.key for item in imports.all_targets())
        raise CommandError(f"“{target}” can't be exported. Choose one of: {targets}.")
    return key


def _actor(email: str, record_type: str) -> User:
    actor: User | None = User.objects.filter(email__iexact=email, is_active=True).first()
    if actor is None:
        raise CommandError(f"No active user has the e-mail address {email}.")
    if not profile_for(actor).allows(record_type, Action.EXPORT):
        raise CommandError(f"The roles of {email} do not allow this export.")
    return actor
