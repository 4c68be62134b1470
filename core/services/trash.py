"""The recycle bin: deleting is hiding, until somebody empties it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import Action
from core.events import RecordDeleted, RecordRestored, publish
from core.models import Record
from core.registries import aliases
from core.services.base import NotAllowed, require_on, save_changes, service


@service
def delete_record(*, actor: Any, record: Record) -> None:
    """Move a record to the recycle bin. Raises NotAllowed. Deleting twice changes nothing."""
    require_on(actor, record, Action.DELETE)
    if record.deleted_at is None:
        save_changes(record, {"deleted_at": timezone.now()})
        publish(RecordDeleted(record_type=record.record_type, object_id=record.pk))


@service
def restore_record(*, actor: Any, record: Record) -> None:
    """Take a record out of the recycle bin. Raises NotAllowed, also for one that was merged into another:
    undoing the merge brings it back."""
    require_on(actor, record, Action.DELETE)
    if aliases.live_id(record.record_type, record.pk) != record.pk:
        raise NotAllowed(_("This record was merged into another. Undo the merge instead."))
    if record.deleted_at is not None:
        save_changes(record, {"deleted_at": None})
        publish(RecordRestored(record_type=record.record_type, object_id=record.pk))
