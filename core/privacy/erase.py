"""Taking a person out (Article 17 of the GDPR): rows, files and what the history keeps of them.

Driven by the registry and by the classification of each field, so that a new model is erased by saying what
its fields are. Which rows are meant is found out before anything is touched: rows lead to other rows.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.storage import Storage
from django.db import connection, transaction
from django.db.models import Field, FileField, ForeignKey, Model

from core.custom_fields.privacy import erase_personal_values
from core.history.erasing import open_erasure
from core.privacy.classes import Classification, Eraser
from core.registries import privacy


@dataclass
class Erased:
    """What was taken out: rows by model, and how many stored files."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0

    def count(self, label: str, number: int) -> None:
        if number:
            self.rows[label] = self.rows.get(label, 0) + number

    def add(self, other: "Erased") -> None:
        """Count what was taken out of another record of the same person."""
        for label, number in other.rows.items():
            self.count(label, number)
        self.files += other.files


def erase_person(contact_id: int, *, reason: str) -> Erased:
    """Erase what every registered model keeps about a contact. Runs inside the caller's transaction, whose
    erasures of history are recorded under `reason` for ever; stored files go after its commit. Doing it twice
    changes nothing more."""
    open_erasure(subject=f"contact:{contact_id}", reason=reason)
    outcome = Erased()
    sources = privacy.sources()
    meant = {s.model: list(s.rows(contact_id).order_by().values_list("pk", flat=True)) for s in sources}
    for source in sources:
        if source.erase is not None:
            outcome.count(source.model._meta.label, source.erase(contact_id))
        else:
            erase_rows(source.model, meant[source.model], outcome)
        forget_deleted_rows(source.model, contact_id)
    return outcome


def erase_rows(model: type[Model], ids: Sequence[int], outcome: Erased) -> None:
    """Erase rows as their classification says: one field that takes the row takes all of it."""
    table: dict[str, Classification] = model.privacy  # type: ignore[attr-defined]
    by_eraser = fields_by_eraser(model, table)
    if not ids or not by_eraser:
        return
    label = model._meta.label
    for many in (f for f in by_eraser.get(Eraser.ROW, []) if f.many_to_many):
        _clear_links(model, many, ids)
    columns = [f for f in by_eraser.get(Eraser.ROW, []) if not f.many_to_many]
    if columns:
        _drop_files(model, ids, outcome)
        model._base_manager.filter(pk__in=ids).delete()
        erase_history(label, ids, None)
        outcome.count(label, len(ids))
        return
    changed = _blank_out(model, ids, by_eraser, outcome)
    erase_history(label, ids, changed)
    outcome.count(label, len(ids))


def fields_by_eraser(model: type[Model], table: dict[str, Classification]) -> dict[Eraser, list[Any]]:
    """The model's fields under what erasing does to them; those that are kept left out."""
    found: dict[Eraser, list[Any]] = {}
    for one in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        eraser = table[one.name].eraser if one.name in table else Eraser.KEEP
        if eraser != Eraser.KEEP:
            found.setdefault(eraser, []).append(one)
    return found


def _blank_out(
    model: type[Model], ids: Sequence[int], by_eraser: dict[Eraser, list[Any]], outcome: Erased
) -> list[str]:
    """Empty the fields in place; returns the columns that were emptied."""
    blank, null, token = (by_eraser.get(kind, []) for kind in (Eraser.BLANK, Eraser.NULL, Eraser.TOKEN))
    if any(isinstance(one, FileField) for one in blank):
        _drop_files(model, ids, outcome)
    values = {one.name: empty_value(one) for one in blank} | {one.name: None for one in null}
    rows = model._base_manager.filter(pk__in=ids)
    by_key = [name for name in values if name in getattr(model, "history_by_key", ())]
    for name in by_key:
        del values[name]
        erase_personal_values(rows)
    if values:
        rows.update(**values)
    for pk in ids if token else ():
        model._base_manager.filter(pk=pk).update(**{one.name: erased_token() for one in token})
    return [one.attname for one in [*blank, *null, *token]]


def empty_value(one: "Field[Any, Any]") -> Any:
    """What a blanked field holds: the empty text, or the empty container of JSON and arrays."""
    if one.get_internal_type() in ("JSONField", "ArrayField"):
        return one.get_default()
    return ""


def erased_token() -> str:
    """A word without meaning that keeps a unique column unique."""
    return f"erased-{secrets.token_hex(12)}"


def erase_history(label: str, ids: Iterable[int], columns: list[str] | None) -> None:
    """Take columns (all of them for None) out of what the history keeps of some rows, if it keeps any.

    The transaction has opened an erasure (`core.history.erasing`), or the database refuses.
    """
    wanted = list(ids)
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(history.erase(m.label, gone, %s::text[]))"
            " FROM history.model m, unnest(%s::bigint[]) AS gone WHERE m.label = %s",
            [columns, wanted, label],
        )


def forget_deleted_rows(model: type[Model], contact_id: int) -> None:
    """Rows about the person that were deleted long ago live on in the history as a whole: take them out."""
    for link in model._meta.concrete_fields:
        related = link.related_model if isinstance(link, ForeignKey) else None
        if related is None or getattr(related, "record_type", "") != "contact":
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT c.object_id FROM history.change c JOIN history.model m ON m.id = c.model_id"
                " WHERE m.label = %s AND c.op = 'D' AND c.before @> %s::jsonb",
                [model._meta.label, json.dumps({link.attname: contact_id})],
            )
            ids = [row[0] for row in cursor.fetchall()]
        erase_history(model._meta.label, ids, None)


def _clear_links(model: type[Model], many: Any, ids: Sequence[int]) -> None:
    """Take the rows of a many-to-many table, and what the history keeps of them."""
    through = many.remote_field.through
    rows = through._base_manager.filter(**{f"{many.m2m_field_name()}__in": ids})
    gone = list(rows.values_list("pk", flat=True))
    rows.delete()
    erase_history(through._meta.label, gone, None)


def _drop_files(model: type[Model], ids: Sequence[int], outcome: Erased) -> None:
    """Delete the stored files of the rows once the transaction has committed."""
    names = [one.name for one in model._meta.concrete_fields if isinstance(one, FileField)]
    for record in model._base_manager.filter(pk__in=ids) if names else ():
        for name in names:
            stored = getattr(record, name)
            if stored:
                outcome.files += 1
                transaction.on_commit(_deleter(stored.storage, stored.name))


def _deleter(storage: Storage, name: str) -> Any:
    return lambda: storage.delete(name)
