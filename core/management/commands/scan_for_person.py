"""`scan_for_person EMAIL` looks for what is left of a person everywhere, and ends with one JSON line."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.core.management.base import BaseCommand, CommandError

from core.privacy.scan import places
from core.privacy.scan.needles import MIN_LETTERS, needles_of
from core.privacy.scan.search import search


class Command(BaseCommand):
    help = "Look for an erased person in the database, its history, files, logs, mails and Redis, decoding all of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("values", nargs="+", help="an e-mail address, a number, a full name…")
        parser.add_argument("--folder", type=Path, action="append", default=[], help="read this folder too")

    def handle(self, *args: Any, **options: Any) -> None:
        short = [value for value in options["values"] if not needles_of([value])]
        if short:
            raise CommandError(
                f"{', '.join(map(repr, short))}: shorter than {MIN_LETTERS} letters, found everywhere by chance."
                " Give an address, a number or a full name."
            )
        for folder in options["folder"]:
            if not folder.is_dir():
                raise CommandError(f"{folder} is no folder.")
        found = search(options["values"], self.places(options["folder"]))
        for (place, dress, kind), count in sorted(found.hits.items()):
            self.stdout.write(f"{place}: {kind} ({dress}) × {count}")
        summary = {"found": sum(found.hits.values()), "places": len(found.places), "bytes": found.size}
        self.stdout.write(json.dumps(summary))
        if found.hits:
            raise CommandError(f"Something is left in {len(found.places)} places.")

    def places(self, folders: list[Path]) -> Iterator[tuple[str, bytes]]:
        data = settings.CRM_DATA
        kept = (settings.MEDIA_ROOT, settings.MAIL_JOURNAL_DIR, Path(settings.ERASURE_LOG).parent)
        roots = {data, *folders, *map(Path, kept)}
        if settings.MAIL_STORE:
            roots.add(Path(settings.MAIL_STORE))
        outer = [
            one for one in roots if not any(one != other and one.is_relative_to(other) for other in roots)
        ]
        yield from places.database()
        yield from places.files(outer, leave=[data / "postgres", data / "secrets.json"])
        if not isinstance(storages["default"], FileSystemStorage):
            yield from places.stored(storages["default"])
        yield from places.redis_values(settings.CELERY_BROKER_URL)
