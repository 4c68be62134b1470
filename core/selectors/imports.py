"""Reading imports for their pages."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.enums import ImportRowFate
from core.history.undo import PART_OF_KEPT
from core.importing.ledger import noted_lines, reason_of
from core.importing.mapping import sample_of
from core.importing.source import Layout
from core.models import ImportBatch, ImportRow, Job
from core.registries import records

KEPT_SHOWN = 500
SHOWN_VALUES = 3
FATES_SHOWN = 200
NOTED = "noted"
"""What stands for the lines with a note where others are asked for by their fate."""


def batches_of(user: Any) -> Any:
    """The person's own imports, newest first."""
    return ImportBatch.objects.visible_to(user).select_related("job", "owner").order_by("-id")


def waiting_among(batches: Sequence[ImportBatch]) -> set[int]:
    """The imports, by number, of which lines wait for a decision."""
    rows = ImportRow.objects.filter(
        batch__in=[one.pk for one in batches if one.undone_at is None], review=True
    )
    return set(rows.values_list("batch_id", flat=True).distinct())


def sample_values(batch: ImportBatch) -> dict[str, list[str]]:
    """The first different values of each column. Raises FileProblem."""
    with batch.file.open("rb") as stream:
        header, lines = sample_of(stream, Layout(**batch.options["layout"]))
    values: dict[str, list[str]] = {}
    for index, name in enumerate(header):
        seen: list[str] = []
        for line in lines:
            text = line[index].strip()
            if text and text not in seen:
                seen.append(text)
            if len(seen) == SHOWN_VALUES:
                break
        values[name] = seen
    return values


def lines_with(batch: ImportBatch, fate: str) -> list[tuple[ImportRow, str]]:
    """The first lines of a fate, each with the sentence about it: those that something was told of before all
    others, as nobody would find them among half a million."""
    rows = ImportRow.objects.filter(batch=batch, fate=fate).order_by("line")
    told = list(rows.exclude(problems=[])[:FATES_SHOWN])
    found = [*told, *rows.filter(problems=[])[: FATES_SHOWN - len(told)]]
    return [(row, reason_of(row.problems)) for row in found]


def fates_of(batch: ImportBatch) -> list[tuple[str, Any, int]]:
    """(what to ask for, label, number of lines) of each fate, and of the lines with a note."""
    fates = [(item.value, item.label, batch.counts.get(item.value, 0)) for item in ImportRowFate]
    noted = batch.counts.get("noted")  # imports that ended before they were counted are counted when seen
    return [*fates, (NOTED, _("With a note"), noted_lines(batch).count() if noted is None else noted)]


def told_lines(
    batch: ImportBatch, fate: str, after: int = 0
) -> tuple[list[tuple[ImportRow, str]], int | None]:
    """A page of the lines with a note, or of the failed ones, in the file's order, each with the sentence about it;
    and the line behind which the next page begins."""
    rows = noted_lines(batch) if fate == NOTED else ImportRow.objects.filter(batch=batch, fate=fate)
    found = list(rows.filter(line__gt=after).order_by("line")[: FATES_SHOWN + 1])
    page = found[:FATES_SHOWN]
    more = page[-1].line if len(found) > FATES_SHOWN else None
    return [(row, reason_of(row.problems)) for row in page], more


@dataclass(frozen=True)
class Pace:
    """How fast an import goes, in rows a second, and the seconds that are left (None: not known yet)."""

    rate: int
    seconds: int | None

    @property
    def minutes(self) -> int:
        return -(-(self.seconds or 0) // 60)


def pace_of(job: Job) -> Pace:
    """As measured by the worker that does it."""
    rate = float(job.checkpoint.get("rate") or 0)
    rest = max(0, (job.total or 0) - job.done)
    return Pace(round(rate), round(rest / rate) if rate >= 1 and job.total else None)


def kept_records(batch: ImportBatch, user: Any) -> list[dict[str, Any]]:
    """What undoing the import left alone: type, name and address where the person sees it, and why. The parts of
    a record that was left alone stay with it and are not listed."""
    if not batch.kept_file:
        return []
    with batch.kept_file.open("rb") as stream:
        found = csv.DictReader(io.TextIOWrapper(stream, "utf-8-sig", newline=""))
        lines = list(islice((line for line in found if line["reason"] != PART_OF_KEPT), KEPT_SHOWN))
    by_type: dict[str, set[int]] = {}
    for line in lines:
        by_type.setdefault(line["type"], set()).add(int(line["id"]))
    names: dict[tuple[str, int], str] = {}
    for key, ids in by_type.items():
        if records.known(key):
            rows = records.get(key).visible_to(user).filter(pk__in=ids)
            names.update(((key, row.pk), str(row)) for row in rows)
    return [_kept(line, names) for line in lines]


def _kept(line: dict[str, str], names: dict[tuple[str, int], str]) -> dict[str, Any]:
    key = (line["type"], int(line["id"]))
    url = records.get(key[0]).url_of(key[1]) if key in names and records.get(key[0]).detail_url else ""
    label = records.get(key[0]).label if records.known(key[0]) else line["type"]
    return {"label": label, "id": key[1], "name": names.get(key, ""), "url": url, "reason": line["reason"]}
