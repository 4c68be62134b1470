"""For how long figures of data quality are kept, and which."""

from datetime import date, timedelta

from django.db.models import Q

TREND_DAYS = 60
"""As far back as the trends of the page go."""
REST = "…"
"""Stands for the rarer sources, whose records are counted together."""
MONDAY = 1


def split_to_drop(day: date) -> Q:
    """The splits by source of days before `day` that are no longer needed: of each week Monday's is kept, as long
    as a trend shows it. Every day's would be thousands of rows a day."""
    old = Q(day__lt=day - timedelta(days=TREND_DAYS)) | ~Q(day__iso_week_day=MONDAY)
    return Q(source__isnull=False, day__lt=day) & old
