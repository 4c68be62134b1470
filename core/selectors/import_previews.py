"""What a trial of an import found, for its page."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from core.importing.converting import Converter
from core.importing.ledger import noted_lines, reason_of
from core.importing.mapping import sample_of
from core.importing.reading import Line
from core.importing.rows import context_of
from core.importing.source import Layout
from core.importing.targets import ImportTarget
from core.models import ImportBatch, ImportRow
from core.registries import records
from core.selectors.imports import NOTED

SHOWN_ROWS = 8
PAGE = 50


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
    return {"text": in_words(row.values.get(key), cell), "waiting": waiting}


def in_words(value: Any, cell: str) -> Any:
    """A value as it was read, in words; the cell itself where that is a key or a structure of the program."""
    if isinstance(value, list | tuple | set):
        words: list[Any] = [getattr(one, "value", one) for one in value]
        return ", ".join(words) if all(isinstance(word, str) for word in words) else cell
    if isinstance(value, int | dict | None) or hasattr(value, "name"):
        return cell
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return date_format(local, "j M Y" if local.time() == time.min else "j M Y, H:i")
    return date_format(value, "j M Y") if isinstance(value, date) else value


@dataclass(frozen=True)
class TrialLine:
    """One line of a trial: the record that it means, what would become of it, or why it can't be taken."""

    line: int
    name: str
    url: str
    changes: list[tuple[Any, Any, Any]]
    cells: list[str]
    reason: str


@dataclass(frozen=True)
class TrialPage:
    """Lines of one fate in the file's order; `next` is the line behind which the next page begins."""

    fate: str
    lines: list[TrialLine]
    next: int | None


def trial_page(
    batch: ImportBatch, target: ImportTarget, user: Any, *, fate: str, after: int = 0
) -> TrialPage:
    """What a trial says of the lines of a fate, or of those with a note, all of them page by page: labels for keys
    and links, nothing that the person may not see."""
    asked = noted_lines(batch) if fate == NOTED else ImportRow.objects.filter(batch=batch, fate=fate)
    rows = list(asked.filter(line__gt=after).order_by("line")[: PAGE + 1])
    page = rows[:PAGE]
    manager: Any = target.model._default_manager
    seen = manager.visible_to(user) if user is not None else manager.all()
    names = {row.pk: str(row) for row in seen.filter(pk__in=[row.object_id for row in page if row.object_id])}
    labels = _Labels(target, user, [row.values or {} for row in page])
    known = records.known(target.record_type)
    lines = [
        TrialLine(
            row.line,
            names.get(row.object_id or 0, ""),
            records.get(target.record_type).url_of(row.object_id or 0)
            if known and row.object_id in names
            else "",
            labels.changes(row.values) if row.object_id in names else [],
            (row.values or {}).get("cells", []),
            reason_of(row.problems),
        )
        for row in page
    ]
    return TrialPage(fate, lines, page[-1].line if len(rows) > PAGE else None)


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
                changed = [change for diff in diffs for change in diff.get("changes", [])]
                ids = {value for key, *values in changed if key == name for value in values if value}
                self._names[name] = _names_of(field.related_model, ids, user) if ids else {}

    def shows(self, name: str) -> bool:
        """Columns that follow from others say nothing of their own."""
        return name in self._by_key or (name.removesuffix("_id") in self._by_key and name in self._columns)

    def label(self, name: str) -> Any:
        item = self._by_key.get(name) or self._by_key.get(name.removesuffix("_id"))
        return item.label if item else name

    def changes(self, values: Any) -> list[tuple[Any, Any, Any]]:
        """(label, before, after) of each field that changes."""
        return [
            (self.label(name), self._shown(name, before), self._shown(name, after))
            for name, before, after in (values or {}).get("changes", [])
            if self.shows(name)
        ]

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
