"""`import_records FILE [--target T] [--format F] --as EMAIL [--mapping FILE] [--dry-run]`: import a file, here
and now."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from core.enums import JobState
from core.history.context import acting
from core.importing.layouts import AUTO, formats
from core.importing.problems import FileProblem
from core.jobs.running import run
from core.models import ImportBatch, Job, User
from core.services.imports import create_import, map_import, start_import


class Command(BaseCommand):
    help = (
        "Import a CSV (also .gz), XLSX or vCard file, or another program's export. Ends with one JSON line: rows,"
        " created, updated, skipped, failed, review, error_file, job."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--target",
            default="",
            help="contacts, companies, …; left out where the columns say it themselves",
        )
        parser.add_argument("--format", default=AUTO, choices=formats(), help="default: auto")
        parser.add_argument("--encoding", default="", help="of a text file; default: guessed")
        parser.add_argument("--delimiter", default="", help="between its values; default: guessed")
        parser.add_argument("--as", dest="actor", required=True, metavar="EMAIL", help="who imports")
        parser.add_argument(
            "--mapping", type=Path, help='JSON: {"columns": {"column": "field"}, "currency": "EUR", …}'
        )
        parser.add_argument("--dry-run", action="store_true", help="try everything, write nothing")
        parser.add_argument("--chunk", type=int, help="lines per transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = User.objects.filter(email__iexact=options["actor"], is_active=True).first()
        if actor is None:
            raise CommandError(f"No active user has the e-mail address {options['actor']}.")
        try:
            with acting(actor, cause="command:import_records"):
                batch = self._take_in(actor, options)
                job = start_import(actor=actor, batch=batch, dry_run=options["dry_run"], wake=False)
        except FileProblem as problem:
            raise CommandError(f"{options['file'].name}: {problem}") from problem
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        if options["chunk"]:
            Job.objects.filter(pk=job.pk).update(params={**job.params, "chunk": options["chunk"]})
        self._report(run(job.pk) or job, batch)

    def _take_in(self, actor: User, options: dict[str, Any]) -> ImportBatch:
        path: Path = options["file"]
        try:
            with path.open("rb") as stream:
                batch = create_import(
                    actor=actor,
                    target=options["target"],
                    stream=stream,
                    name=path.name,
                    size=path.stat().st_size,
                    source=options["format"],
                    encoding=options["encoding"],
                    delimiter=options["delimiter"],
                )
        except OSError as error:
            raise CommandError(f"{path} can't be read: {error.strerror}.") from error
        for notice in batch.options["notices"]:
            self.stderr.write(notice)
        mapping = _mapping(options["mapping"]) if options["mapping"] else {}
        return map_import(actor=actor, batch=batch, mapping=mapping)

    def _report(self, job: Job, batch: ImportBatch) -> None:
        job.refresh_from_db()
        batch.refresh_from_db()
        result = {
            name: job.result.get(name, 0) for name in ("rows", "created", "updated", "skipped", "failed")
        }
        result["review"] = job.result.get("review", 0)
        result["error_file"] = _place_of(batch.error_file) if batch.error_file else None
        result["job"] = job.pk
        if job.state != JobState.DONE:
            self.stderr.write(job.error or f"The import ended as {job.state}.")
        self.stdout.write(json.dumps(result))
        if job.state != JobState.DONE:
            sys.exit(1)


def _place_of(file: Any) -> str:
    """The path of a stored file; where uploads are in a bucket, a signed address that works for an hour."""
    try:
        return str(file.path)
    except NotImplementedError:  # what storages raise that keep no files on this machine
        return str(file.url)


def _mapping(path: Path) -> dict[str, Any]:
    """The mapping file: an object with `columns`, or plainly `{"column": "field"}`."""
    try:
        mapping = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path} is not JSON: {error}.") from error
    if not isinstance(mapping, dict):
        raise CommandError(f'{path}: a mapping is an object such as {{"columns": {{"Name": "name"}}}}.')
    if "columns" in mapping:
        return mapping
    return {"columns": mapping}
