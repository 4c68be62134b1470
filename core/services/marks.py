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
