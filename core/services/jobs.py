"""Starting and cancelling jobs."""

import logging
from typing import Any

from django.db import transaction
from kombu.exceptions import OperationalError

from core.enums import JobState
from core.models import Job
from core.services.base import service

logger = logging.getLogger("crm.jobs")


@service
def enqueue_job(
    *, actor: Any, kind: str, title: str = "", params: dict[str, Any] | None = None, wake: bool = True
) -> Job:
    """Write the job's row and wake a worker after the commit. The sweep finds it if the broker is away.
    A caller that runs the job itself says `wake=False`."""
    job = Job.objects.create(kind=kind, title=title, owner=actor, params=params or {})
    if wake:
        transaction.on_commit(lambda: wake_worker(job.pk))
    return job


@service
def cancel_job(*, actor: Any, job: Job) -> None:
    """Ask a job to stop: a waiting one is cancelled at once, a running one at its next report."""
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(state=JobState.CANCELLED)
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True)


def wake_worker(job_id: int) -> None:
    from core.tasks import run_job

    try:
        run_job.apply_async((job_id,), retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("broker away, the job waits for the sweep", extra={"error": type(error).__name__})
