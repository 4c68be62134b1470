"""What core does when its own events are published."""

from functools import partial

from core.events import JobFinished, RecordChanged, subscribe
from core.jobs.results import summary
from core.models import Job
from core.services.following import tell_followers_of_change
from core.services.notifications import notify


@subscribe(JobFinished)
def tell_owner_that_job_finished(event: JobFinished) -> None:
    """The person who started a job finds its end in the inbox, in their language, and what it came to."""
    job = Job.objects.select_related("owner").filter(pk=event.job_id).first()
    if job is None or job.owner is None:
        return
    notify(
        actor=None,
        user=job.owner,
        kind="job",
        text=partial(_end_of, job),
        record_type="job",
        object_id=job.pk,
        dedupe_key=f"job:{job.pk}",
    )


def _end_of(job: Job) -> str:
    said = [str(job.get_state_display()), summary(job.kind, job.result)]
    return f"{job}: {' · '.join(part for part in said if part)}"


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
