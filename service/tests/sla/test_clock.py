"""Business time: exact cases across weekends, holidays and changes of the clocks, and laws for all others."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.sla.clock import BusinessHours

NINE_TO_FIVE = ((time(9), time(17)),)
WEEKDAYS = (NINE_TO_FIVE,) * 5 + ((), ())
BERLIN = BusinessHours("Europe/Berlin", WEEKDAYS, frozenset({date(2026, 12, 25)}))
HOURS = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-20 10:00", 2, "2026-11-20 12:00"),
        ("2026-11-20 15:00", 2, "2026-11-23 09:00"),  # Friday 16:00 in Berlin, an hour left of the day
        ("2026-11-21 12:00", 1, "2026-11-23 09:00"),  # Saturday
        ("2026-11-20 03:00", 8, "2026-11-20 16:00"),  # before opening: until closing, not the next morning
        ("2026-12-24 15:30", 1, "2026-12-28 08:30"),  # Christmas Day is a holiday, then a weekend
        ("2026-03-27 15:00", 2, "2026-03-30 08:00"),  # nine in Berlin is seven in UTC after the change
    ],
)
def test_add_counts_opening_hours_only(start: str, hours: int, expected: str) -> None:
    assert BERLIN.add(at(start), hours * HOURS) == at(expected)


def test_between_counts_opening_hours_only() -> None:
    assert BERLIN.between(at("2026-11-20 15:00"), at("2026-11-23 09:00")) == 2 * HOURS
    assert BERLIN.between(at("2026-11-21 00:00"), at("2026-11-22 23:00")) == timedelta(0)
    assert BERLIN.between(at("2026-11-23 09:00"), at("2026-11-20 15:00")) == timedelta(0)


def test_day_of_the_change_is_as_long_as_it_really_is() -> None:
    always = (((time.min, time.max),),) * 7
    berlin = BusinessHours("Europe/Berlin", always)
    assert berlin.between(at("2026-03-28 23:00"), at("2026-03-29 22:00")) == 23 * HOURS
    assert berlin.add(at("2026-10-24 22:00"), 25 * HOURS) == at("2026-10-25 23:00")


def test_empty_week_is_around_the_clock() -> None:
    assert BusinessHours().add(at("2026-11-21 12:00"), 48 * HOURS) == at("2026-11-23 12:00")


@pytest.mark.parametrize(
    "day",
    [((time(17), time(9)),), ((time(9), time(12)), (time(11), time(13))), ((time(9), time(9)),)],
)
def test_hours_that_run_backwards_or_overlap_are_refused(day: tuple) -> None:
    with pytest.raises(ValueError, match="run forwards"):
        BusinessHours(week=(day,) + ((),) * 6)


def test_negative_time_and_hopeless_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="not taken away"):
        BERLIN.add(at("2026-11-20 10:00"), -HOURS)
    sparse = BusinessHours(week=(((time(9), time(9, 1)),),) + ((),) * 6)
    with pytest.raises(ValueError, match="never add up"):
        sparse.add(at("2026-11-20 10:00"), timedelta(days=1))


moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
amounts = st.integers(0, 300 * 60).map(lambda n: timedelta(minutes=n))
tables = st.sampled_from(
    [
        BERLIN,
        BusinessHours(),
        BusinessHours("America/New_York", (((time(8), time(12)), (time(13), time(18, 30))),) * 7),
        BusinessHours("Australia/Lord_Howe", (((time(1), time(4)),),) * 7),
        BusinessHours("Asia/Kathmandu", (((time(22), time.max),),) * 6 + ((),)),
    ]
)


@given(tables, moments, amounts)
def test_between_undoes_add(hours: BusinessHours, start: datetime, amount: timedelta) -> None:
    assert hours.between(start, hours.add(start, amount)) == amount


@given(tables, moments, amounts, amounts)
def test_adding_twice_is_adding_the_sum(
    hours: BusinessHours, start: datetime, first: timedelta, second: timedelta
) -> None:
    assert hours.add(hours.add(start, first), second) == hours.add(start, first + second)


@given(tables, moments, moments, moments)
def test_between_adds_up_and_never_exceeds_elapsed_time(
    hours: BusinessHours, a: datetime, b: datetime, c: datetime
) -> None:
    first, middle, last = sorted((a, b, c))
    if last - first > timedelta(days=60):
        last, middle = first + timedelta(days=60), first + timedelta(days=30)
    whole = hours.between(first, last)
    assert whole == hours.between(first, middle) + hours.between(middle, last)
    assert timedelta(0) <= whole <= last - first
