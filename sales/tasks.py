"""Celery tasks of sales."""

from celery import shared_task


@shared_task(name="sales.compact_tallies", time_limit=120)
def compact_tallies() -> int:
    """Keep the sums of the board short; returns how many rows are left."""
    from sales.services.tallies import compact_tallies as compact

    return compact(actor=None)
