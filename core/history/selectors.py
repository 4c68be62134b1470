"""Reading the history: of one record, of a changeset, and a record as of a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from core.models import Change, ChangeSet, User


@dataclass(frozen=True)
class FieldChange:
    """One field's value before the change and after it."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Entry:
    """One change of a record, newest first: who, when, why and which fields."""

    id: int
    at: datetime
    op: str
    actor: User | None
    cause: str
    fields: tuple[FieldChange, ...]


def history_of(record: Model, *, limit: int = 100, fields: Iterable[str] | None = None) -> list[Entry]:
    """The last `limit` changes of `record`, newest first, with the values after each one worked out
    backwards from the record as it is now. Two queries."""
    changes = list(
        Change.objects.filter(model__label=record._meta.label, object_id=record.pk)
        .select_related("changeset")
        .order_by("-id")[:limit]
    )
    actors = User.objects.in_bulk({c.changeset.actor_id for c in changes if c.changeset.actor_id})
    state = _column_values(record)
    wanted = set(fields) if fields is not None else None
    entries = []
    for change in changes:
        replaced = (change.before or {}) if change.op == "U" else {}
        diff = tuple(
            FieldChange(name, value, state.get(name))
            for name, value in replaced.items()
            if wanted is None or name in wanted
        )
        state.update(replaced)
        if diff or change.op != "U":
            actor = actors.get(change.changeset.actor_id or 0)
            entries.append(Entry(change.pk, change.at, change.op, actor, change.changeset.cause, diff))
    return entries


def as_of(model: type[Model], pk: int, moment: datetime) -> dict[str, Any] | None:
    """The column values of a record as they were at `moment`, or None if it did not exist then."""
    record = model._base_manager.filter(pk=pk).first()
    state: dict[str, Any] | None = _column_values(record) if record else None
    later = Change.objects.filter(model__label=model._meta.label, object_id=pk, at__gt=moment)
    for change in later.order_by("-id").iterator():
        if change.op == "I":
            state = None
        elif change.op == "D":
            state = dict(change.before or {})
        elif state is not None:
            state.update(change.before or {})
    return None if state is None else _folded(model, state)


def changesets(*, actor_id: int | None = None, cause: str = "", before_id: int | None = None) -> Any:
    """Change sets, newest first, for the audit page."""
    rows = ChangeSet.objects.order_by("-id")
    if actor_id:
        rows = rows.filter(actor_id=actor_id)
    if cause:
        rows = rows.filter(cause__startswith=cause)
    if before_id:
        rows = rows.filter(pk__lt=before_id)
    return rows


def _column_values(record: Model) -> dict[str, Any]:
    """Values by column; those of columns that are kept by key stand there as `column.key` too."""
    values = {
        field.column: _plain(field.value_from_object(record))
        for field in record._meta.concrete_fields
        if field.column
    }
    for column in getattr(record, "history_by_key", ()):
        inner = values[column] if isinstance(values[column], dict) else {}
        values.update({f"{column}.{key}": value for key, value in inner.items()})
    return values


def _folded(model: type[Model], state: dict[str, Any]) -> dict[str, Any]:
    """The `column.key` values put into their columns; null takes a key away."""
    folded = {name: value for name, value in state.items() if "." not in name}
    for column in getattr(model, "history_by_key", ()):
        inner = dict(folded[column]) if isinstance(folded.get(column), dict) else {}
        for name, value in state.items():
            if name.startswith(f"{column}."):
                inner[name.partition(".")[2]] = value
        folded[column] = {key: value for key, value in inner.items() if value is not None}
    return folded


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
