"""Undo from the history: put back what changesets replaced, but only where nobody has changed it since."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from core.history.context import acting
from core.models import Change


@dataclass
class Undone:
    """What undoing did: counts, and the rows it left alone with the reason."""

    deleted: int = 0
    restored: int = 0
    reinserted: int = 0
    skipped: list[dict[str, Any]] = field(default_factory=list)


def undo_changesets(ids: Sequence[int], *, actor: Any, cause: str = "undo") -> Undone:
    """Undo the changes of the changesets, newest first, in one transaction.

    Inserted rows that nobody touched since are deleted; replaced values return where the same field has
    not been changed since; deleted rows come back whole. What can't be undone is listed, never forced.
    """
    outcome = Undone()
    with transaction.atomic(), acting(actor, cause=cause):
        changes = Change.objects.filter(changeset_id__in=list(ids)).select_related("model").order_by("-id")
        for change in changes.iterator(chunk_size=2000):
            try:
                with transaction.atomic():
                    _undo_one(change, set(ids), outcome)
            except IntegrityError:
                _skip(outcome, change, "referenced")
    return outcome


def _undo_one(change: Change, ids: set[int], outcome: Undone) -> None:
    model = apps.get_model(change.model.label)
    later = Change.objects.filter(
        model_id=change.model_id, object_id=change.object_id, id__gt=change.pk
    ).exclude(changeset_id__in=ids)
    if change.op == "I":
        if later.exists():
            _skip(outcome, change, "changed since")
        else:
            outcome.deleted += model._base_manager.filter(pk=change.object_id)._raw_delete(using="default")  # type: ignore[attr-defined]
    elif change.op == "U":
        _restore_fields(change, model, later, outcome)
    elif change.op == "D":
        outcome.reinserted += _insert_row(model, change.before or {})


def _restore_fields(change: Change, model: type[Model], later: Any, outcome: Undone) -> None:
    since: set[str] = set()
    for before in later.filter(op="U").values_list("before", flat=True):
        since.update(before or {})
    values = {name: value for name, value in (change.before or {}).items() if name not in since}
    if len(values) < len(change.before or {}):
        _skip(outcome, change, "changed since")
    if values and _update_row(model, change.object_id, values):
        outcome.restored += 1


def _update_row(model: type[Model], pk: int, values: dict[str, Any]) -> int:
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in values)
    version = ", version = t.version + 1" if any(f.name == "version" for f in model._meta.fields) else ""
    source = ", ".join(f"r.{connection.ops.quote_name(name)}" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET ({names}) = ROW({source}){version}"
            f" FROM jsonb_populate_record(NULL::{table}, %s) r WHERE t.id = %s",
            [json.dumps(values), pk],
        )
        return int(cursor.rowcount)


def _insert_row(model: type[Model], row: dict[str, Any]) -> int:
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)", [json.dumps(row)]
        )
        return int(cursor.rowcount)


def _skip(outcome: Undone, change: Change, reason: str) -> None:
    outcome.skipped.append({"model": change.model.label, "id": change.object_id, "reason": reason})
