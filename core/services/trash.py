"""The recycle bin: deleting is hiding, until somebody empties it."""

from typing import Any

from django.utils import timezone

from core.enums import Action
from core.events import RecordDeleted, RecordRestored, publish
from core.models import Record
from core.services.base import require_on, save_changes, service


@service
def delete_record(*, actor: Any, record: Record) -> None:
    """Move a record to the recycle bin. Raises NotAllowed. Deleting twice changes nothing."""
    require_on(actor, record, Action.DELETE)
    if record.deleted_at is None:
        save_changes(record, {"deleted_at": timezone.now()})
        publish(RecordDeleted(record_type=record.record_type, object_id=record.pk))


@service
def restore_record(*, actor: Any, record: Record) -> None:
    """Take a record out of the recycle bin. Raises NotAllowed."""
    require_on(actor, record, Action.DELETE)
    if record.deleted_at is not None:
        save_changes(record, {"deleted_at": None})
        publish(RecordRestored(record_type=record.record_type, object_id=record.pk))
