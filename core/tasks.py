"""Core's Celery tasks: each only wakes work whose truth is in PostgreSQL."""

from datetime import timedelta

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from core.enums import JobState


@shared_task(name="core.dispatch_outbox", time_limit=120)
def dispatch_outbox() -> int:
    from core.outbox.dispatcher import drain

    return drain()


@shared_task(name="core.run_job", acks_late=True)
def run_job(job_id: int) -> None:
    from core.jobs.running import run

    run(job_id)


@shared_task(name="core.resume_jobs", time_limit=60)
def resume_jobs() -> int:
    """Wake a worker for each job that waits or whose worker's lease ran out."""
    from core.models import Job
    from core.services.jobs import wake_worker

    now = timezone.now()
    waiting = Q(state=JobState.QUEUED, created_at__lt=now - timedelta(seconds=20))
    orphaned = Q(state=JobState.RUNNING, lease_until__lt=now)
    ids = list(Job.objects.filter(waiting | orphaned).values_list("pk", flat=True)[:100])
    for job_id in ids:
        wake_worker(job_id)
    return len(ids)


@shared_task(name="core.create_history_partitions", time_limit=60)
def create_history_partitions() -> None:
    from core.history.install import create_partitions

    create_partitions()


@shared_task(name="core.apply_retention", time_limit=60)
def apply_retention() -> int:
    """Start the night's run of the retention policies."""
    from core.services.jobs import enqueue_job

    return int(enqueue_job(actor=None, kind="core.retention").pk)


@shared_task(name="core.forget_expired", time_limit=600)
def forget_expired() -> dict[str, int]:
    from core.services import expiry

    found: dict[str, int] = expiry.forget_expired(actor=None)
    return found
