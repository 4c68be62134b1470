"""Celery tasks of analytics."""

from celery import shared_task


@shared_task(name="analytics.score_customers", time_limit=60)
def score_customers() -> int:
    """Queue the nightly scoring; the work itself is a job. Returns the job's id."""
    from analytics.services.scoring_start import start_scoring

    return int(start_scoring(actor=None).pk)
