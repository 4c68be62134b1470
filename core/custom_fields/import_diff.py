"""What a trial of an import says of custom fields: each of them by its name, in words."""

from collections.abc import Sequence
from typing import Any

from core.custom_fields.cache import definitions_for
from core.custom_fields.definition import Definition
from core.custom_fields.importing import linked_titles
from core.custom_fields.values import read
from core.custom_fields.words import plain
from core.importing.rows import Change, ImportContext


def custom_changes(
    context: ImportContext, record_type: str, pairs: Sequence[tuple[Any, Any]]
) -> list[list[Change]]:
    """For each pair of what a record's column holds and what it will hold, the fields that differ. Linked
    records are named where the importer may see them; one query for each type of them."""
    definitions = definitions_for(record_type).values()
    differing = [
        [(one, was, will) for one in definitions if (was := read(one, before)) != (will := read(one, after))]
        for before, after in pairs
    ]
    linked = [(one, value) for found in differing for one, *both in found for value in both]
    titles = linked_titles(context, linked)

    def told(one: Definition, value: Any) -> Any:
        return plain(one, value, titles.get((one.ref_type, value)) if one.ref_type else None)

    return [
        [Change(one.name, told(one, was), told(one, will)) for one, was, will in found] for found in differing
    ]
