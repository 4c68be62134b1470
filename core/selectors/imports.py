"""Reading imports for their pages."""

import csv
import io
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from core.importing.converting import Converter
from core.importing.ledger import reason_of
from core.importing.mapping import sample_of
from core.importing.reading import Line
from core.importing.rows import context_of
from core.importing.source import Layout
from core.importing.targets import ImportTarget
from core.models import ImportBatch, ImportMapping, ImportRow, Job
from core.registries import records

DIFFS_SHOWN = 50
KEPT_SHOWN = 500
SHOWN_ROWS = 8
SHOWN_VALUES = 3
FATES_SHOWN = 200


def batches_of(user: Any) -> Any:
    """The person's own imports, newest first."""
    return ImportBatch.objects.visible_to(user).select_related("job", "owner").order_by("-id")


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


def first_rows(batch: ImportBatch, target: ImportTarget) -> tuple[list[Any], list[dict[str, Any]]]:
    """How the first lines will be read: labels of the mapped fields, and per line its values and problems."""
    context = context_of(batch, dry_run=True)
    fields = target.field_map()
    with batch.file.open("rb") as stream:
        header, cells = sample_of(stream, Layout(**batch.options["layout"]))
    converter = Converter(context, target, header)
    lines = [Line(number, list(row)) for number, row in enumerate(cells[:SHOWN_ROWS], start=2)]
    keys = [column.field.key for column in converter.columns]
    shown = []
    for row in converter.convert(lines):
        shown.append(
            {
                "values": [_shown(row.cells[c.index], c.field.key, row) for c in converter.columns],
                "problem": reason_of([problem.as_json() for problem in row.problems]),
                "failed": row.fate == "failed",
            }
        )
    return [fields[key].label for key in keys], shown


def _shown(cell: str, key: str, row: Any) -> dict[str, Any]:
    waiting = any(problem.field == key for problem in row.problems)
    value = row.values.get(key)
    plain = value if not isinstance(value, int | None) and not hasattr(value, "name") else cell
    return {"text": plain if plain is not None else "", "waiting": waiting}


def lines_with(batch: ImportBatch, fate: str) -> list[tuple[ImportRow, str]]:
    """The first lines of a fate, each with the sentence about it."""
    rows = ImportRow.objects.filter(batch=batch, fate=fate).order_by("line")[:FATES_SHOWN]
    return [(row, reason_of(row.problems)) for row in rows]


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


def mappings_for(user: Any, target: str = "") -> QuerySet[ImportMapping]:
    """Mappings that somebody may use: one's own, and those that are shared."""
    rows: QuerySet[ImportMapping] = ImportMapping.objects.filter(Q(owner=user) | Q(shared=True))
    if target:
        rows = rows.filter(target=target)
    return rows.select_related("owner").order_by("name", "pk")


def shown_changes(batch: ImportBatch, target: ImportTarget, user: Any) -> list[dict[str, Any]]:
    """The first records that would change, each with its name, address and fields before and after: labels for
    keys and links, nothing that the person may not see."""
    diffs = batch.options.get("preview", {}).get("diffs", [])[:DIFFS_SHOWN]
    manager: Any = target.model._default_manager
    seen = manager.visible_to(user) if user is not None else manager.all()
    names = {row.pk: str(row) for row in seen.filter(pk__in=[item["id"] for item in diffs])}
    labels = _Labels(target, user, diffs)
    known = records.known(target.record_type)
    return [
        {
            "line": item["line"],
            "name": names[item["id"]],
            "url": records.get(target.record_type).url_of(item["id"]) if known else "",
            "changes": [labels.change(*change) for change in item["changes"] if labels.shows(change[0])],
        }
        for item in diffs
        if item["id"] in names
    ]


def changed_fields(batch: ImportBatch, target: ImportTarget) -> list[tuple[Any, int]]:
    """(label of the field, number of records) that a trial would change, most first."""
    labels = _Labels(target, None, [])
    counts = batch.options.get("preview", {}).get("changed", {})
    found = [(labels.label(name), number) for name, number in counts.items() if labels.shows(name)]
    return sorted(found, key=lambda item: -item[1])


class _Labels:
    """How the columns of a diff are called, and their values shown."""

    def __init__(self, target: ImportTarget, user: Any, diffs: list[dict[str, Any]]) -> None:
        self._by_key = target.field_map()
        self._columns = {field.attname: field for field in target.model._meta.concrete_fields}
        self._names: dict[str, dict[Any, str]] = {}
        for name, field in self._columns.items():
            if field.related_model is not None:
                ids = {v for d in diffs for key, *values in d["changes"] if key == name for v in values if v}
                self._names[name] = _names_of(field.related_model, ids, user) if ids else {}

    def shows(self, name: str) -> bool:
        """Columns that follow from others say nothing of their own."""
        return name in self._by_key or (name.removesuffix("_id") in self._by_key and name in self._columns)

    def label(self, name: str) -> Any:
        item = self._by_key.get(name) or self._by_key.get(name.removesuffix("_id"))
        return item.label if item else name

    def change(self, name: str, before: Any, after: Any) -> tuple[Any, Any, Any]:
        return self.label(name), self._shown(name, before), self._shown(name, after)

    def _shown(self, name: str, value: Any) -> Any:
        if value in (None, ""):
            return ""
        if name in self._names:
            return self._names[name].get(value, "")
        column = self._columns.get(name)
        choices = dict(column.flatchoices) if column is not None else {}
        return choices.get(value, value)


def _names_of(model: Any, ids: set[Any], user: Any) -> dict[Any, str]:
    rows = model._default_manager.filter(pk__in=[value for value in ids if isinstance(value, int)])
    if user is not None and hasattr(rows, "visible_to"):
        rows = rows.visible_to(user)
    return {row.pk: str(row) for row in rows}


def kept_records(batch: ImportBatch, user: Any) -> list[dict[str, Any]]:
    """What undoing the import left alone: type, name and address where the person sees it, and why."""
    if not batch.kept_file:
        return []
    with batch.kept_file.open("rb") as stream:
        lines = list(islice(csv.DictReader(io.TextIOWrapper(stream, "utf-8-sig", newline="")), KEPT_SHOWN))
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
