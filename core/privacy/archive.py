"""An access request as a file that people can open: JSON whole, CSV by kind of record, and the files themselves."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from django.db.models import FileField
from django.utils.translation import gettext as _

from core.exporting.cells import harmless
from core.registries import privacy

MAX_FILE = 25 * 1024 * 1024
"""Bytes of a stored file up to which it is put in; a larger one is named with its size."""


def person_zip(found: dict[str, Any], contact_ids: Iterable[int]) -> bytes:
    """A zip of `data.json` (`found`: what `export_person` gave), one CSV for each kind of record, and the stored
    files of the person's records under `files/`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(found, ensure_ascii=False, indent=2))
        for label, rows in found["data"].items():
            archive.writestr(f"csv/{label.lower()}.csv", csv_of(rows))
        for contact_id in contact_ids:
            for name, content in _files(contact_id):
                archive.writestr(f"files/{name}", content)
        archive.writestr("README.txt", _readme())
    return target.getvalue()


def csv_of(rows: list[dict[str, Any]]) -> bytes:
    """The rows as CSV that spreadsheets open as what it is: UTF-8 with a mark, no formulas."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows:
        writer.writerow([harmless(_cell(row.get(name))) for name in names])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _files(contact_id: int) -> Iterable[tuple[str, bytes]]:
    """(name in the archive, bytes) of what is stored about the person and exported."""
    for source in privacy.sources():
        names = [
            field.name
            for field in source.model._meta.concrete_fields
            if isinstance(field, FileField) and source.model.privacy[field.name].exported  # type: ignore[attr-defined]
        ]
        for row in source.rows(contact_id).order_by("pk") if names else ():
            for name in names:
                stored = getattr(row, name)
                if stored and stored.storage.exists(stored.name) and stored.size <= MAX_FILE:
                    with stored.storage.open(stored.name) as file:
                        yield f"{row.pk}-{stored.name.rpartition('/')[2]}", file.read()


def _readme() -> str:
    return _(
        "data.json holds everything that is kept about you, csv/ the same by kind of record,\n"
        "files/ the files. Times are UTC.\n"
    )
