"""Keeping segments up to date: what the worker calls every two seconds."""

from typing import Any

from contacts.models import KeptSegment
from contacts.segmentation.upkeep import Report, keep_up, sole_keeper
from core.enums import JobState
from core.models import Job
from core.services.jobs import enqueue_job

FILL_AT_ONCE = 20_000
"""Contacts that are filled in passing; more is the work of a job with a progress bar."""


def keep_segments_up(*, actor: Any, seconds: float = 20.0) -> Report:
    """Judge whoever was touched, fill what is new; starts the filling job where that is long work. Does nothing
    (`waiting`) where another process is at it."""
    with sole_keeper() as is_mine:
        if not is_mine:
            return Report(waiting=True)
        report = keep_up(seconds=seconds, fill=FILL_AT_ONCE)
    unfinished = KeptSegment.objects.filter(filled_to__isnull=False, problem="")
    if unfinished.exists() and not _job_is_there():
        enqueue_job(actor=actor, kind="contacts.fill_segments")
    return report


def _job_is_there() -> bool:
    states = (JobState.QUEUED, JobState.RUNNING)
    return Job.objects.filter(kind="contacts.fill_segments", state__in=states).exists()
