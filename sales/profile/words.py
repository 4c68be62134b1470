"""Days, months and spans as people say them."""

from datetime import datetime

from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NOON, EVENING = 12, 17


def weekday_name(iso: int) -> str:
    """1 is Monday."""
    return str(WEEKDAYS[iso - 1])


def month_name(month: int) -> str:
    return str(MONTHS[month])


def day_part(hour: int) -> str:
    if hour < NOON:
        return _("before noon")
    return _("in the afternoon") if hour < EVENING else _("in the evening")


def times(ratio: float) -> str:
    """`2.1 ×`."""
    return f"{ratio:.1f} ×"


def span_words(since: datetime, until: datetime | None = None) -> str:
    """`2 years`, `7 months`, `12 days`: the largest whole unit."""
    days = ((until or timezone.now()) - since).days
    if days >= 730:
        return ngettext("%(n)d year", "%(n)d years", days // 365) % {"n": days // 365}
    if days >= 60:
        return ngettext("%(n)d month", "%(n)d months", days // 30) % {"n": days // 30}
    return ngettext("%(n)d day", "%(n)d days", max(days, 0)) % {"n": max(days, 0)}


def gap_words(days: float) -> str:
    """`every 23 days`; several times a day is `every day`."""
    number = max(round(days), 1)
    return ngettext("every day", "every %(n)d days", number) % {"n": number}
