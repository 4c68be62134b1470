"""Reading imports for their pages."""

from typing import Any

from core.importing.converting import Converter
from core.importing.ledger import reason_of
from core.importing.mapping import sample_of
from core.importing.reading import Line
from core.importing.rows import context_of
from core.importing.source import Layout
from core.importing.targets import ImportTarget
from core.models import ImportBatch, ImportRow

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
