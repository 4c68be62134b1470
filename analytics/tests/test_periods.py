from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from analytics.periods import Period, add_months, period_of

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("kind", "start", "end", "label"),
    [
        ("month", date(2026, 11, 1), date(2026, 11, 30), "November 2026"),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31), "Q4 2026"),
        ("year", date(2026, 1, 1), date(2026, 12, 31), "2026"),
    ],
)
def test_period_of_today(kind, start, end, label):
    period = period_of(kind, "", TODAY)
    assert (period.start, period.end, period.label) == (start, end, label)


def test_period_of_wrong_words_is_the_current_quarter():
    assert period_of("week", "tomorrow", TODAY) == Period("quarter", date(2026, 10, 1))
    assert period_of("year", "9999-12-31", TODAY).start.year == 2200


def test_period_has_neighbours_and_months():
    period = period_of("quarter", "2026-02-28")
    assert period.previous == Period("quarter", date(2025, 10, 1))
    assert period.following == Period("quarter", date(2026, 4, 1))
    assert period.months == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    assert period.between == "2026-01-01,2026-03-31"
    assert period.days_label == "1 Jan – 31 Mar 2026"
    assert period.trailing_months(4) == [date(2025, 12, 1), *period.months]


def test_period_begins_and_ends_at_midnight_of_the_viewer():
    with timezone.override(ZoneInfo("Europe/Berlin")):
        first, after = period_of("month", "2026-03-15").moments
    assert first.astimezone(UTC) == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert after.astimezone(UTC) == datetime(2026, 3, 31, 22, tzinfo=UTC)


def test_days_left_are_those_to_come():
    period = period_of("quarter", "", TODAY)
    assert period.days_left(TODAY) == 39
    assert period.days_left(period.end) == 0
    assert period.previous.days_left(TODAY) == 0


def test_add_months_goes_over_the_year():
    assert add_months(date(2026, 11, 22), 3) == date(2027, 2, 1)
    assert add_months(date(2026, 1, 1), -13) == date(2024, 12, 1)
