"""The records that the changes of a page point at, fetched together: one query for each model, however many
changes there are."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from core.history.selectors import Entry, FieldChange
from core.registries import records


class LinkedRecords:
    """Records by model and key; `rows(model)` are those of a model that may be found."""

    def __init__(self, rows: Callable[[Any], Any]) -> None:
        self._rows = rows
        self._found: dict[Any, dict[Any, Any]] = defaultdict(dict)

    def load(self, pairs: Iterable[tuple[Any, Any]]) -> "LinkedRecords":
        """Fetch the records of these (model, key) pairs that are not known yet. One query for each model."""
        wanted: dict[Any, set[Any]] = defaultdict(set)
        for model, key in pairs:
            if key is not None and key not in self._found[model]:
                wanted[model].add(key)
        for model, keys in wanted.items():
            found = {row.pk: row for row in self._rows(model).filter(pk__in=keys)}
            self._found[model].update((key, found.get(key)) for key in keys)
        return self

    def get(self, model: Any, key: Any) -> Any:
        """The record; None where it is gone, or `rows` leaves it out."""
        return self.load([(model, key)])._found[model].get(key)


def named(user: Any) -> LinkedRecords:
    """The records whose names `user` may be told: of what has pages only those in scope; colleagues and stages
    always."""

    def rows(model: Any) -> Any:
        key = getattr(model, "record_type", "")
        has_pages = records.known(key) and records.get(key).detail_url
        return model.objects.visible_to(user) if has_pages else model._base_manager

    return LinkedRecords(rows)


def visible(user: Any) -> LinkedRecords:
    """The records that `user` may see, of types that are registered; all of others."""

    def rows(model: Any) -> Any:
        is_known = records.known(getattr(model, "record_type", ""))
        return model.objects.visible_to(user) if is_known else model.objects

    return LinkedRecords(rows)


def links_of(record: Any, entries: Iterable[Entry]) -> list[tuple[Any, Any, FieldChange]]:
    """(column, linked model, change) of everything in the changes of a record that is a link."""
    links = {one.column: one for one in record._meta.concrete_fields if one.is_relation}
    return [
        (links[change.field], links[change.field].related_model, change)
        for entry in entries
        for change in entry.fields
        if change.field in links
    ]
