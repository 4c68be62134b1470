"""Running jobs: claim under a lease, report progress, obey cancelling, resume after a crash."""

import logging
import secrets
import time
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.enums import JobState
from core.events import JobFinished, publish
from core.history.context import acting
from core.jobs.kinds import kind_named
from core.jobs.memory import seldom_collected
from core.models import Job
from core.reasons import Explained, as_json

logger = logging.getLogger("crm.jobs")
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 20
REPORT_EVERY = 0.5  # seconds between writes of mere progress


class Cancelled(Exception):
    """A person asked the job to stop."""


class Paused(Exception):
    """A person asked the job to wait."""


class LeaseLost(Exception):
    """Another worker took the job over; this one must stop at once."""


class JobFailed(Explained):
    """The job cannot be done; the words are for the person who started it, and are told to each reader in their
    language: `JobFailed(gettext_lazy("There is no “%(name)s”."), name=name)`."""


class JobRun:
    """What a job's function works with. Everything it reports is guarded by the lease token."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.params: dict[str, Any] = job.params
        self.checkpoint: dict[str, Any] = dict(job.checkpoint)
        self._reported = 0.0
        self._began = (time.monotonic(), job.done)

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far the work is; cheap enough to call for every row. Raises Cancelled, Paused, LeaseLost."""
        self.job.done, self.job.message = done, message or self.job.message
        self.job.total = total if total is not None else self.job.total
        if time.monotonic() - self._reported >= REPORT_EVERY:
            self._write(done=done, total=self.job.total, message=self.job.message[:300])
            self._reported = time.monotonic()
            self.obey()

    def save_checkpoint(self, **values: Any) -> None:
        """Remember where a successor goes on. Call it inside the transaction of the work it covers: then
        work and checkpoint commit together. Raises LeaseLost."""
        self.checkpoint.update(values)
        self._write(checkpoint=self.checkpoint, done=self.job.done, total=self.job.total)

    def finish_with(self, **result: Any) -> None:
        """What the job's page and JSON line will show."""
        self.job.result = {**self.job.result, **result}

    def _write(self, **values: Any) -> None:
        rows = Job.objects.filter(pk=self.job.pk, lease_token=self.job.lease_token, state=JobState.RUNNING)
        if not rows.update(lease_until=timezone.now() + LEASE, **values):
            raise LeaseLost(str(self.job.pk))

    @property
    def rate(self) -> float:
        """Steps per second since this worker took the job; 0 before the first."""
        began, done = self._began
        return max(0.0, self.job.done - done) / max(time.monotonic() - began, 0.001)

    def obey(self) -> None:
        """Stop where a person has asked for it. Raises Cancelled, Paused."""
        asked = Job.objects.values_list("cancel_requested", "pause_requested").get(pk=self.job.pk)
        if asked[0]:
            raise Cancelled
        if asked[1]:
            raise Paused


def claim(job_id: int) -> Job | None:
    """Take a job that waits, or whose worker is gone; None when somebody else has it or it is final."""
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
    token = secrets.token_hex(16)
    taken = Job.objects.filter(free, pk=job_id, attempts__lt=MAX_ATTEMPTS).update(
        state=JobState.RUNNING, lease_until=now + LEASE, lease_token=token, attempts=F("attempts") + 1
    )
    if not taken:
        return None
    Job.objects.filter(pk=job_id, started_at__isnull=True).update(started_at=now)
    return Job.objects.get(pk=job_id)


def run(job_id: int) -> Job | None:
    """Claim and carry out a job to a final state; returns it, or None if it was not to be had."""
    job = claim(job_id)
    if job is None:
        return None
    kind = kind_named(job.kind)
    attempt = JobRun(job)
    try:
        if kind is None:
            raise JobFailed(_("No work is registered for jobs of the kind “%(kind)s”."), kind=job.kind)
        if job.cancel_requested and not job.checkpoint:
            raise Cancelled
        with acting(job.owner_id, cause=f"job:{job.pk}"), seldom_collected():
            kind.run(attempt)
        _finish(attempt, JobState.DONE)
    except Cancelled:
        _finish(attempt, JobState.CANCELLED)
    except Paused:
        _pause(attempt)
    except LeaseLost:
        logger.warning("lease lost", extra={"job": job.pk})
    except JobFailed as error:
        _finish(attempt, JobState.FAILED, error)
    except Exception as error:  # whatever went wrong, the person who started the job is told
        logger.exception("job failed", extra={"job": job.pk, "kind": job.kind})
        words = _("%(what)s. The details are in the log under job %(job)s.")
        _finish(attempt, JobState.FAILED, JobFailed(words, what=type(error).__name__, job=str(job.pk)))
    job.refresh_from_db()
    return job


def _pause(attempt: JobRun) -> None:
    """Let go of the job: whoever resumes it lets a worker go on from the checkpoint."""
    job = attempt.job
    Job.objects.filter(pk=job.pk, lease_token=job.lease_token, state=JobState.RUNNING).update(
        state=JobState.PAUSED,
        pause_requested=False,
        lease_until=None,
        attempts=0,
        done=job.done,
        total=job.total,
    )


def _finish(attempt: JobRun, state: JobState, error: JobFailed | None = None) -> None:
    job = attempt.job
    if error is not None:
        attempt.finish_with(failure=as_json(error.reasons))
    with transaction.atomic():
        finished = Job.objects.filter(pk=job.pk, lease_token=job.lease_token, state=JobState.RUNNING).update(
            state=state,
            error=str(error or ""),
            done=job.done,
            total=job.total,
            message=job.message[:300],
            result=job.result,
            lease_until=None,
            finished_at=timezone.now(),
        )
        if finished:
            publish(JobFinished(job_id=job.pk))
