"""Holding a record while it is written."""

from typing import Any, TypeVar

from django.db.models import Model

from core.enums import Action
from core.models import Record
from core.services.base import require_on

M = TypeVar("M", bound=Record)


def locked(actor: Any, record: M, action: Action = Action.CHANGE) -> M:
    """The record as it is now, locked until the transaction ends, if `actor` may do `action` with it. Raises
    NotAllowed."""
    model: type[Model] = type(record)
    current = model.all_objects.select_for_update().get(pk=record.pk)  # type: ignore[attr-defined]
    require_on(actor, current, action)
    return current  # type: ignore[no-any-return]
