"""Which months are above and below an ordinary one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

ENOUGH_PURCHASES = 12
ENOUGH_MONTHS = 12


@dataclass(frozen=True)
class Season:
    """Purchases in each calendar month against an ordinary month: 1 is ordinary, 2.1 is 2.1 times as many.

    A month's own figure is its mean over the years it occurred in, an ordinary month is the mean over all
    months from the first purchase to the last.
    """

    ratios: dict[int, float]

    @property
    def high(self) -> int:
        return min(self.ratios, key=lambda month: (-self.ratios[month], month))

    @property
    def low(self) -> int:
        return min(self.ratios, key=lambda month: (self.ratios[month], month))


def season_of(days: Iterable[tuple[date, int]]) -> Season | None:
    """The season of (day, purchases) in order; None below a year of months or twelve purchases."""
    counted = [(day, number) for day, number in days if number]
    total = sum(number for _day, number in counted)
    if not counted or total < ENOUGH_PURCHASES:
        return None
    first, last = _month(counted[0][0]), _month(counted[-1][0])
    months = last - first + 1
    if months < ENOUGH_MONTHS:
        return None
    bought: Counter[int] = Counter()
    for day, number in counted:
        bought[day.month] += number
    occurred = Counter(month % 12 + 1 for month in range(first, last + 1))
    ordinary = total / months
    return Season({m: round(bought[m] / occurred[m] / ordinary, 2) for m in range(1, 13)})


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
