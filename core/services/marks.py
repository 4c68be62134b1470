"""Favourites and following."""

from typing import Any

from core.enums import Action
from core.models import Favourite, Record
from core.services.base import require_on, service

MARKS = ("starred", "following")


@service
def toggle_mark(*, actor: Any, record: Record, mark: str) -> bool:
    """Turn a mark (`starred` or `following`) on or off; returns how it is now. Raises NotAllowed."""
    if mark not in MARKS:
        raise ValueError(f"there is no mark called {mark}")
    require_on(actor, record, Action.VIEW)
    row, _created = Favourite.objects.select_for_update().get_or_create(
        user=actor, record_type=record.record_type, object_id=record.pk
    )
    value = not getattr(row, mark)
    setattr(row, mark, value)
    row.save(update_fields=[mark, "updated_at"])
    return value


@service
def set_marks(
    *, actor: Any, record: Record, starred: bool | None = None, following: bool | None = None
) -> Favourite:
    """Say which marks a record has for the actor; None leaves a mark as it is. Raises NotAllowed."""
    require_on(actor, record, Action.VIEW)
    row, _created = Favourite.objects.select_for_update().get_or_create(
        user=actor, record_type=record.record_type, object_id=record.pk
    )
    wanted = {"starred": starred, "following": following}
    changes = {name: value for name, value in wanted.items() if value not in (None, getattr(row, name))}
    for name, value in changes.items():
        setattr(row, name, value)
    if changes:
        row.save(update_fields=[*changes, "updated_at"])
    marked: Favourite = row
    return marked
