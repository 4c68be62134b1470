"""What core does when its own events are published."""

from core.events import JobFinished, RecordChanged, subscribe
from core.models import Job
from core.services.following import tell_followers_of_change
from core.services.notifications import notify


@subscribe(JobFinished)
def tell_owner_that_job_finished(event: JobFinished) -> None:
    """The person who started a job finds its end in the inbox."""
    job = Job.objects.select_related("owner").filter(pk=event.job_id).first()
    if job is None or job.owner is None:
        return
    notify(
        actor=None,
        user=job.owner,
        kind="job",
        text=f"{job}: {job.get_state_display()}",
        record_type="job",
        object_id=job.pk,
        dedupe_key=f"job:{job.pk}",
    )


@subscribe(RecordChanged)
def tell_followers(event: RecordChanged) -> None:
    """Who follows a record finds in the inbox which fields were changed."""
    tell_followers_of_change(
        actor=None,
        record_type=event.record_type,
        object_id=event.object_id,
        fields=event.fields,
        version=event.version,
    )
