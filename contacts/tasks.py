"""Contacts' Celery tasks: pokes that hold no truth."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

SECONDS = 20.0


@shared_task(name="contacts.keep_segments", time_limit=120, ignore_result=True)
def keep_segments() -> None:
    """Bring segments up to date with what was written since; large new ones are filled by a job."""
    from contacts.services.segment_upkeep import keep_segments_up

    keep_segments_up(actor=None, seconds=SECONDS)


@shared_task(name="contacts.apply_lifecycle_rules", time_limit=1800, ignore_result=True)
def apply_lifecycle_rules() -> int:
    """Move everybody for whom an automatic rule has come true by time or by what other apps wrote."""
    from contacts.services.lifecycle import apply_lifecycle_rules as apply

    return apply(actor=None)


@shared_task(name="contacts.measure_quality", time_limit=60)
def measure_quality() -> int:
    """Queue the nightly count of data quality; the work itself is a job. Returns the job's id."""
    from contacts.services.quality import start_measuring

    return int(start_measuring(actor=None).pk)


@shared_task(name="contacts.audit_quality", time_limit=60)
def audit_quality() -> int:
    """Queue the weekly report to owners; the work itself is a job. Returns the job's id."""
    from contacts.services.quality import start_audit

    return int(start_audit(actor=None).pk)


@shared_task(name="contacts.find_duplicates", time_limit=60, ignore_result=True)
def find_duplicates() -> None:
    """Start the nightly search for duplicates; the job itself runs where jobs run."""
    from contacts.services.duplicates import start_nightly_scan

    start_nightly_scan(actor=None)


@shared_task(name="contacts.locate", time_limit=60, ignore_result=True)
def locate() -> None:
    """Put on the map, as a job, who came by import."""
    from contacts.services.locating import start_locating

    start_locating(actor=None)


@shared_task(name="contacts.suggest_companies", time_limit=60)
def suggest_companies() -> int:
    """Queue the nightly search for companies by mail domain. Returns the job's id."""
    from core.services.jobs import enqueue_job

    return int(enqueue_job(actor=None, kind="contacts.suggest_companies").pk)


@worker_ready.connect(dispatch_uid="contacts.gazetteer")
def load_gazetteer_at_first(**_kwargs: Any) -> None:
    """A new installation has its gazetteer within a minute or two of its first start."""
    from contacts.services.locating import start_locating_at_first

    start_locating_at_first(actor=None)
