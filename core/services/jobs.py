"""Starting, pausing, resuming and cancelling jobs."""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from core.enums import JobState
from core.jobs.kinds import kind_named
from core.models import Job
from core.services.base import NotAllowed, service

logger = logging.getLogger("crm.jobs")


@service
def enqueue_job(
    *, actor: Any, kind: str, title: str = "", params: dict[str, Any] | None = None, wake: bool = True
) -> Job:
    """Write the job's row and wake a worker after the commit. The sweep finds it if the broker is away.
    A caller that runs the job itself says `wake=False`. The kind says what its jobs are called; `title` is for
    words that a person chose."""
    job = Job.objects.create(kind=kind, title=title, owner=actor, params=params or {})
    if wake:
        transaction.on_commit(lambda: wake_worker(job.pk))
    return job


@service
def cancel_job(*, actor: Any, job: Job) -> None:
    """Ask a job to stop: one that has not begun is cancelled at once, a running one at its next report, a paused
    one by a worker, who writes down what was done."""
    begun = ~Q(checkpoint={})
    Job.objects.filter(~begun, pk=job.pk, state=JobState.QUEUED).update(state=JobState.CANCELLED)
    Job.objects.filter(begun, pk=job.pk, state=JobState.QUEUED).update(cancel_requested=True)
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True)
    if Job.objects.filter(pk=job.pk, state=JobState.PAUSED).update(
        state=JobState.QUEUED, cancel_requested=True
    ):
        transaction.on_commit(lambda: wake_worker(job.pk))


@service
def pause_job(*, actor: Any, job: Job) -> None:
    """Ask a job to wait: it keeps what is done and goes on when somebody resumes it. Only kinds of jobs that can
    be paused; raises ValidationError for others and for one that is not open."""
    kind = kind_named(job.kind)
    if kind is None or not kind.pausable:
        raise ValidationError(_("This job can't be paused. Cancel it instead."))
    waiting = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(state=JobState.PAUSED)
    running = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(pause_requested=True)
    if not waiting and not running:
        raise ValidationError(_("The job is not running."))


@service
def resume_job(*, actor: Any, job: Job) -> None:
    """Let a paused job go on where it was. Raises ValidationError for one that is not paused."""
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING, pause_requested=True).update(pause_requested=False)
    if Job.objects.filter(pk=job.pk, state=JobState.PAUSED).update(state=JobState.QUEUED):
        transaction.on_commit(lambda: wake_worker(job.pk))
    elif not Job.objects.filter(pk=job.pk, state__in=(JobState.RUNNING, JobState.QUEUED)).exists():
        raise ValidationError(_("The job is not paused."))


def can_be_undone(job: Job) -> bool:
    """Whether what the job wrote can be taken back as a whole: it is over, and nobody has asked before."""
    kind = kind_named(job.kind)
    over = job.state in (JobState.DONE, JobState.CANCELLED, JobState.FAILED)
    return bool(kind and kind.undone_by) and over and not job.result.get("undo")


@service
def undo_job(*, actor: Any, job: Job) -> Job:
    """Start the job that takes back what one's own job wrote, where nobody has changed it since. Raises
    ValidationError for one that can't be undone (any more), NotAllowed for somebody else's."""
    current = Job.objects.select_for_update().get(pk=job.pk)
    if current.owner_id != actor.pk:
        raise NotAllowed(_("Only the person who did this can undo it here."))
    kind = kind_named(current.kind)
    if kind is None or not can_be_undone(current):
        raise ValidationError(_("There is nothing left to undo."))
    known = {name: current.params[name] for name in kind.undo_knows if name in current.params}
    undo: Job = enqueue_job(actor=actor, kind=kind.undone_by, params={**known, "job": current.pk})
    Job.objects.filter(pk=current.pk).update(result={**current.result, "undo": {"job": undo.pk}})
    return undo


def wake_worker(job_id: int) -> None:
    from core.tasks import run_job

    try:
        run_job.apply_async((job_id,), retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("broker away, the job waits for the sweep", extra={"error": type(error).__name__})
