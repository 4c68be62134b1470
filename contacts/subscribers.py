"""What contacts does when events of the floors below are published."""

from contacts.events import MergesCommitted
from contacts.models import Activity
from contacts.services.activities import forget_activity_line, tell_activity_again
from contacts.services.merging import follow_late_rows
from core.events import RecordDeleted, RecordRestored, subscribe


@subscribe(RecordDeleted)
def take_off_timeline(event: RecordDeleted) -> None:
    """A deleted activity is not shown among what happened."""
    if event.record_type == "activity":
        forget_activity_line(actor=None, activity_id=event.object_id)


@subscribe(RecordRestored)
def put_on_timeline(event: RecordRestored) -> None:
    """A restored one is again."""
    activity = Activity.objects.filter(pk=event.object_id).first()
    if event.record_type == "activity" and activity is not None:
        tell_activity_again(actor=None, activity=activity)


@subscribe(MergesCommitted)
def follow_late(event: MergesCommitted) -> None:
    """Rows that were being written to an old id while it was merged follow as well."""
    follow_late_rows(actor=None, log_ids=event.log_ids)
