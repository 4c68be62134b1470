"""The fate of every line, written with the rows it tells of, and what is read from it."""

import csv
import io
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.files.base import File
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from core.enums import ImportRowFate
from core.exporting.cells import harmless
from core.importing.bulk import copy_rows
from core.importing.reading import OWN_COLUMNS
from core.importing.rows import Row
from core.importing.rules import CHANGED_AT
from core.models import ImportBatch, ImportRow

COLUMNS = (
    "batch_id", "line", "fate", "object_id", "problems", "values", "review", "original_line", "source_at",
    "applied_at",
)  # fmt: skip
VALUE_SHOWN = 300
CELL_SHOWN, CELLS_SHOWN = 60, 12


def write_fates(batch: ImportBatch, rows: Iterable[Row]) -> None:
    """Insert one ledger row per line. Cells are kept of lines that failed or wait for a person."""
    now = timezone.now()
    copy_rows(
        ImportRow,
        COLUMNS,
        (
            (
                batch.pk,
                row.line,
                (row.fate or ImportRowFate.SKIPPED).value,
                row.object_id,
                [problem.as_json() for problem in row.problems],
                row.cells if row.fate == ImportRowFate.FAILED or row.undecided else None,
                row.undecided and row.fate != ImportRowFate.FAILED,
                row.original,
                row.values.get(CHANGED_AT),
                now if CHANGED_AT in row.values else None,
            )
            for row in rows
        ),
    )


def write_trial(batch: ImportBatch, rows: Iterable[Row]) -> None:
    """Insert what would become of each line: the fields that change, or the first cells of a line that is new
    or fails. The next run of the import begins by taking them away again."""
    copy_rows(
        ImportRow,
        COLUMNS,
        (
            (
                batch.pk,
                row.line,
                (row.fate or ImportRowFate.SKIPPED).value,
                None if row.fate == ImportRowFate.CREATED else row.object_id,
                [problem.as_json() for problem in row.problems],
                _tried(row),
                False,
                row.original,
                None,
                None,
            )
            for row in rows
        ),
    )


def _tried(row: Row) -> dict[str, Any] | None:
    if row.fate == ImportRowFate.UPDATED:
        return {"changes": [[item.field, _plain(item.before), _plain(item.after)] for item in row.changes]}
    if row.fate == ImportRowFate.SKIPPED:
        return None
    return {"cells": [cell[:CELL_SHOWN] for cell in row.cells[:CELLS_SHOWN]]}


def _plain(value: Any) -> Any:
    """A value as the ledger keeps it: numbers and words as they are, the rest as text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dict | list):
        return json.dumps(value, default=str, ensure_ascii=False)[:VALUE_SHOWN]
    return str(value)[:VALUE_SHOWN]


def forget_trial(batch: ImportBatch) -> None:
    """Take away what an earlier trial found."""
    ImportRow.objects.filter(batch=batch).delete()


def noted_lines(batch: ImportBatch) -> QuerySet[ImportRow]:
    """The lines that did not fail and of which something is to be told nevertheless: what was left out or left
    empty, what waits for a decision, what may be somebody who is here already."""
    return ImportRow.objects.filter(batch=batch).exclude(fate=ImportRowFate.FAILED).exclude(problems=[])


def counts_of(batch: ImportBatch) -> dict[str, int]:
    """Lines by fate, with `rows` their sum, `noted` those that are taken or passed over with a note (they are in
    their fate's number as well), and `review` those that wait for a person."""
    found = dict(
        ImportRow.objects.filter(batch=batch)
        .values_list("fate")
        .annotate(number=Count("pk"))
        .values_list("fate", "number")
    )
    counts = {fate.value: found.get(fate.value, 0) for fate in ImportRowFate}
    noted = noted_lines(batch).count()
    review = ImportRow.objects.filter(batch=batch, review=True).count()
    return {"rows": sum(counts.values()), **counts, "noted": noted, "review": review}


def write_error_file(batch: ImportBatch, header: list[str]) -> None:
    """Keep the failed lines as a CSV: as they were, with their line number and the reason behind them.

    Mended, it can be imported again: the two added columns are ignored then.
    """
    failed = ImportRow.objects.filter(batch=batch, fate=ImportRowFate.FAILED).order_by("line")
    if not failed.exists():
        return
    with tempfile.TemporaryFile("w+b") as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow([*header, *OWN_COLUMNS])
        for row in failed.iterator(chunk_size=2000):
            found = [harmless(cell) for cell in row.values or []]
            cells = [*found, *[""] * (len(header) - len(found))][: len(header)]
            writer.writerow(
                [*cells, row.original_line or row.line, reason_of(row.problems), *found[len(header) :]]
            )
        text.flush()
        stream.seek(0)
        batch.error_file.save(f"errors-{batch.pk}.csv", File(stream), save=False)
        text.detach()


def reason_of(problems: Iterable[dict[str, Any]]) -> str:
    """The problems of a line as one sentence for the error file and the page.

    >>> reason_of([{"column": "price", "message": "“x” is not a number."}])
    'price: “x” is not a number.'
    """
    return " ".join(
        f"{item['column']}: {item['message']}" if item.get("column") else item["message"] for item in problems
    )


def waiting_words(batch: ImportBatch) -> list[dict[str, Any]]:
    """The distinct words that wait for a decision, most frequent first, with their suggestions."""
    counted: Counter[tuple[str, str]] = Counter()
    details: dict[tuple[str, str], dict[str, Any]] = {}
    waiting = ImportRow.objects.filter(batch=batch, review=True).values_list("problems", flat=True)
    for problems in waiting.iterator(chunk_size=5000):
        for item in problems:
            if item["code"] in ("near", "unknown"):
                key = (item["field"], item["text"])
                counted[key] += 1
                details.setdefault(key, item)
    return [{**details[key], "rows": number} for key, number in counted.most_common()]


def rows_waiting_for(batch: ImportBatch, field: str) -> Iterator[ImportRow]:
    """Ledger rows with an undecided word in `field`."""
    needle = Q(problems__contains=[{"field": field, "code": "near"}])
    needle |= Q(problems__contains=[{"field": field, "code": "unknown"}])
    return ImportRow.objects.filter(needle, batch=batch, review=True).order_by("line").iterator(2000)
