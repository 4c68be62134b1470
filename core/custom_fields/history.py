"""Custom fields in a record's history, each by its own name."""

from collections.abc import Iterable
from typing import Any

from core.custom_fields.cache import visible_definitions
from core.custom_fields.words import in_words, linked_records
from core.history.selectors import Entry
from core.scope.access import profile_for

COLUMN = "custom."


def custom_changes(record: Any, entries: Iterable[Entry], user: Any) -> dict[int, list[tuple[str, str, str]]]:
    """(label, before, after) of the custom fields that each entry changed, those that `user` may see, by the
    entry's id. Linked records are fetched together."""
    mine = {
        entry.id: [one for one in entry.fields if one.field.startswith(COLUMN)]
        for entry in entries
        if any(one.field.startswith(COLUMN) for one in entry.fields)
    }
    if not mine:
        return {}
    found = visible_definitions(record.record_type, profile_for(user))
    shown = {
        pk: [
            (found[change.field.removeprefix(COLUMN)], change)
            for change in changes
            if change.field.removeprefix(COLUMN) in found
        ]
        for pk, changes in mine.items()
    }
    held = [(one, value) for pairs in shown.values() for one, c in pairs for value in (c.before, c.after)]
    linked = linked_records(held, user)
    return {
        pk: [
            (one.label, in_words(one, change.before, user, linked), in_words(one, change.after, user, linked))
            for one, change in pairs
        ]
        for pk, pairs in shown.items()
    }
