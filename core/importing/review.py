"""Words that wait for a person: each decided once, then carried to all the lines that hold it."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.history.context import acting
from core.importing.ledger import rows_waiting_for, waiting_words
from core.importing.problems import UNDECIDED
from core.importing.rows import ImportContext, Row
from core.importing.targets import ImportTarget
from core.models import ImportBatch, ImportRow

STEP = 2000


def look_up_again(
    batch: ImportBatch, context: ImportContext, target: ImportTarget, header: list[str]
) -> None:
    """After the last line: words that a later line of the file has defined are no longer unknown; the rest
    gets its suggestions."""
    fields = {item.key: item for item in target.all_fields() if item.later and item.resolver is not None}
    for key, item in fields.items():
        resolver = item.resolver
        words = [word for word in waiting_words(batch) if word["field"] == key]
        if resolver is None or not words:
            continue
        found = resolver.find([word["text"] for word in words], context.actor, context.namespace)
        if found:
            settle(batch, context, target, key, found)


def settle(
    batch: ImportBatch,
    context: ImportContext,
    target: ImportTarget,
    key: str,
    values: Mapping[str, Any],
) -> int:
    """Give the decided `values` (by word; None leaves the field empty) to the lines that wait for them.

    Returns how many lines were settled. Recorded under the import's own cause, so that undoing the import
    undoes this too. Safe to run again: settled lines no longer wait.
    """
    settled = 0
    source = iter(list(rows_waiting_for(batch, key)))
    with acting(context.actor, cause=f"job:{batch.job_id}"):
        while step := list(islice(source, STEP)):
            mine = [(entry, _word(entry, key)) for entry in step]
            mine = [(entry, word) for entry, word in mine if word in values]
            with transaction.atomic():
                rows = [
                    Row(entry.line, entry.values or [], {key: values[word]}, object_id=entry.object_id)
                    for entry, word in mine
                    if values[word] is not None and entry.object_id is not None
                ]
                target.apply(context, rows)
                failed = {row.line for row in rows if row.fate is not None and row.fate == "failed"}
                _close([entry for entry, _word in mine if entry.line not in failed], key)
            settled += len(mine) - len(failed)
    return settled


def _word(entry: ImportRow, key: str) -> str:
    return next(
        (item["text"] for item in entry.problems if item.get("field") == key and item["code"] in UNDECIDED),
        "",
    )


def _close(entries: list[ImportRow], key: str) -> None:
    now = timezone.now()
    for entry in entries:
        entry.problems = [
            item for item in entry.problems if not (item.get("field") == key and item["code"] in UNDECIDED)
        ]
        entry.review = any(item["code"] in UNDECIDED for item in entry.problems)
        if not entry.review:
            entry.reviewed_at, entry.values = now, None
    ImportRow.objects.bulk_update(entries, ["problems", "review", "reviewed_at", "values"], batch_size=1000)
