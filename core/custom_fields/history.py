"""Custom fields in a record's history, each by its own name."""

from typing import Any

from core.custom_fields.cache import visible_definitions
from core.custom_fields.words import in_words
from core.history.selectors import Entry
from core.scope.access import profile_for

COLUMN = "custom."


def custom_changes(record: Any, entry: Entry, user: Any) -> list[tuple[str, str, str]]:
    """(label, before, after) of the custom fields that an entry changed, those that `user` may see."""
    mine = [change for change in entry.fields if change.field.startswith(COLUMN)]
    if not mine:
        return []
    found = visible_definitions(record.record_type, profile_for(user))
    lines = []
    for change in mine:
        one = found.get(change.field.removeprefix(COLUMN))
        if one is not None:
            before, after = in_words(one, change.before, user), in_words(one, change.after, user)
            lines.append((one.label, before, after))
    return lines
