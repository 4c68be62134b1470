"""What sales does when events of the floors below are published."""

from contacts.events import ActivityChanged
from contacts.models import ActivityLink
from core.events import RecordDeleted, RecordRestored, subscribe
from sales.services.next_steps import refresh_next_steps


@subscribe(ActivityChanged)
def follow_next_step(event: ActivityChanged) -> None:
    """Deals show their next step as it is now."""
    refresh_of_activity(event.activity_id)


@subscribe(RecordDeleted)
def forget_deleted_step(event: RecordDeleted) -> None:
    """An activity in the recycle bin is nobody's next step."""
    if event.record_type == "activity":
        refresh_of_activity(event.object_id)


@subscribe(RecordRestored)
def remember_restored_step(event: RecordRestored) -> None:
    """An activity that came back may be a next step again."""
    if event.record_type == "activity":
        refresh_of_activity(event.object_id)


def refresh_of_activity(activity_id: int) -> None:
    """Read the next step of every deal that the activity is linked to anew."""
    links = ActivityLink.objects.filter(activity_id=activity_id, record_type="deal")
    if ids := list(links.values_list("object_id", flat=True)):
        refresh_next_steps(actor=None, deal_ids=ids)
