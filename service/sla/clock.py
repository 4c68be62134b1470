"""Business time: adding it to a moment, and how much of it lies between two moments.

Moments are aware and come back in UTC. Opening hours are local wall-clock times, so that nine o'clock stays
nine o'clock over the change to summer time; lengths are real elapsed time. A span that a change of the clocks
swallows or doubles is as long as it really lasts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

Span = tuple[time, time]
SEARCH_DAYS = 3660
"""Ten years without an opening hour: the table is wrong, not the customer patient."""


@dataclass(frozen=True)
class BusinessHours:
    """Opening hours by weekday (Monday first) in `zone`, none on `holidays`; an all-empty week is around the
    clock. Raises ValueError for spans that overlap, run backwards or stand out of order."""

    zone: str = "UTC"
    week: tuple[tuple[Span, ...], ...] = ((),) * 7
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")
        for day in self.week:
            ends = time.min
            for opens, closes in day:
                if opens >= closes or opens < ends:
                    raise ValueError("opening hours run forwards and do not overlap")
                ends = closes

    @property
    def around_the_clock(self) -> bool:
        return not any(self.week)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def spans_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """The open spans of a local day as moments in UTC."""
        if day in self.holidays:
            return []
        return [
            (self._moment(day, opens), self._moment(day, closes))
            for opens, closes in self.week[day.weekday()]
        ]

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The moment at which `amount` of business time has passed since `start`; with no amount, `start`.

        Raises ValueError for a negative amount, and where ten years hold too few opening hours.
        """
        if amount < timedelta(0):
            raise ValueError("business time is added, not taken away")
        moment, left = start.astimezone(UTC), amount
        if self.around_the_clock or not left:
            return moment + left
        for opens, closes in self._spans_from(moment):
            begins = max(opens, moment)
            if closes <= begins:
                continue
            if closes - begins >= left:
                return begins + left
            left -= closes - begins
        raise ValueError("the opening hours never add up to this much time")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The business time from `start` to `end`; nothing where `end` is not later."""
        first, last = start.astimezone(UTC), end.astimezone(UTC)
        if last <= first:
            return timedelta(0)
        if self.around_the_clock:
            return last - first
        total = timedelta(0)
        for opens, closes in self._spans_from(first):
            if opens >= last:
                break
            total += max(timedelta(0), min(closes, last) - max(opens, first))
        return total

    def _spans_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = moment.astimezone(self._zone).date()
        for _number in range(SEARCH_DAYS):
            yield from self.spans_of(day)
            day += timedelta(days=1)

    def _moment(self, day: date, clock: time) -> datetime:
        if clock == time.max:
            day, clock = day + timedelta(days=1), time.min
        return datetime.combine(day, clock, tzinfo=self._zone).astimezone(UTC)
