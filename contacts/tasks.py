"""Contacts' Celery tasks: pokes that hold no truth."""

from celery import shared_task

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
