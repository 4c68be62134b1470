"""Months, quarters and years of the calendar, in the viewer's zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.utils import formats, timezone
from django.utils.translation import gettext as _

Kind = Literal["month", "quarter", "year"]
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Period:
    """From `start` (the first day of a month) for as many months as the kind says; `end` is the last day."""

    kind: Kind
    start: date

    @property
    def end(self) -> date:
        return self.following.start - timedelta(days=1)

    @property
    def previous(self) -> "Period":
        return Period(self.kind, add_months(self.start, -MONTHS[self.kind]))

    @property
    def following(self) -> "Period":
        return Period(self.kind, add_months(self.start, MONTHS[self.kind]))

    @property
    def months(self) -> list[date]:
        """The first days of its months."""
        return [add_months(self.start, at) for at in range(MONTHS[self.kind])]

    @property
    def between(self) -> str:
        """The period as the value of a `…__between` filter."""
        return f"{self.start.isoformat()},{self.end.isoformat()}"

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """`[first moment, first moment after)` in the current zone."""
        return midnight(self.start), midnight(self.following.start)

    @property
    def label(self) -> str:
        """`Q4 2026`, `November 2026`, `2026`."""
        if self.kind == "year":
            return str(self.start.year)
        if self.kind == "quarter":
            return _("Q%(number)d %(year)d") % {
                "number": (self.start.month + 2) // 3,
                "year": self.start.year,
            }
        return formats.date_format(self.start, "YEAR_MONTH_FORMAT")

    @property
    def days_label(self) -> str:
        """`1 Oct – 31 Dec 2026`."""
        return f"{formats.date_format(self.start, 'j M')} – {formats.date_format(self.end, 'j M Y')}"

    def trailing_months(self, count: int) -> list[date]:
        """The last `count` months up to the end of the period."""
        last = self.months[-1]
        return [add_months(last, at - count + 1) for at in range(count)]

    def days_left(self, today: date | None = None) -> int:
        """Days of the period that are still to come, today not counted; 0 outside of it."""
        day = today or timezone.localdate()
        return (self.end - day).days if self.start <= day <= self.end else 0


def period_of(kind: str, day: str, today: date | None = None) -> Period:
    """The period of that kind around a day (`2026-10-01`); wrong words give the current quarter."""
    chosen: Kind = "month" if kind == "month" else "year" if kind == "year" else "quarter"
    try:
        moment = date.fromisoformat(day)
    except ValueError:
        moment = today or timezone.localdate()
    moment = min(max(moment, date(1970, 1, 1)), date(2200, 1, 1))
    months = MONTHS[chosen]
    return Period(chosen, date(moment.year, (moment.month - 1) // months * months + 1, 1))


def add_months(day: date, months: int) -> date:
    """The first day of the month that lies `months` after that of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def midnight(day: date) -> datetime:
    """The first moment of a day in the current zone."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
