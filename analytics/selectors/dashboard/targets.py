"""Targets: what was to be won, for whoever the viewer answers for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from analytics.periods import MONTHS, add_months
from core.enums import AccessLevel, Action
from core.money import convert
from core.scope.access import profile_for
from sales.models import Quota


@dataclass(frozen=True)
class Share:
    """A target's part that falls on one month, in the base currency."""

    user_id: int | None
    team_id: int | None
    month: date
    amount: Decimal


@dataclass(frozen=True)
class Targets:
    """The targets in scope, spread evenly over the months of their periods."""

    shares: Sequence[Share]
    everybody: bool
    team_id: int | None
    user_id: int

    def own(self, months: Sequence[date]) -> Decimal | None:
        """What the viewer answers for in these months, or None where no month has a target.

        In this order, whatever is there: with sight of everything the target of all, else those of teams,
        else those of people; with a team's sight the team's own, else its people's; else one's own.
        """
        parts = [self._own_of(month) for month in months]
        known = [part for part in parts if part is not None]
        return sum(known, Decimal(0)) if known else None

    def of_person(self, user_id: int, months: Sequence[date]) -> Decimal | None:
        """A person's own target in these months."""
        found = [s.amount for s in self.shares if s.user_id == user_id and s.month in months]
        return sum(found, Decimal(0)) if found else None

    def _own_of(self, month: date) -> Decimal | None:
        here = [share for share in self.shares if share.month == month]
        of_all = [s for s in here if s.user_id is None and s.team_id is None]
        of_teams = [s for s in here if s.user_id is None and s.team_id is not None]
        of_people = [s for s in here if s.user_id is not None]
        if self.everybody:
            choices = [of_all, of_teams, of_people]
        elif self.team_id is not None:
            choices = [[s for s in of_teams if s.team_id == self.team_id], of_people]
        else:
            choices = [[s for s in of_people if s.user_id == self.user_id]]
        chosen = next((shares for shares in choices if shares), None)
        return None if chosen is None else sum((s.amount for s in chosen), Decimal(0))


def targets_in(user: Any, first: date, last: date, currency: str) -> Targets:
    """The targets that touch the months from `first` to `last`. One query, and one per target in another
    currency."""
    quotas = Quota.objects.visible_to(user).filter(starts_on__gt=add_months(first, -12), starts_on__lte=last)
    shares = [share for quota in quotas for share in _shares(quota, currency)]
    level = profile_for(user).level("deal", Action.VIEW)
    return Targets(
        shares=shares,
        everybody=level == AccessLevel.ALL,
        team_id=user.team_id if level == AccessLevel.TEAM else None,
        user_id=user.pk,
    )


def _shares(quota: Quota, currency: str) -> list[Share]:
    amount = convert(quota.amount, quota.currency, currency, quota.starts_on)
    count = MONTHS[quota.period]
    even = (amount / count).quantize(Decimal("0.01"))
    parts = [even] * (count - 1) + [amount - even * (count - 1)]
    return [
        Share(quota.user_id, quota.team_id, add_months(quota.starts_on, at), part)
        for at, part in enumerate(parts)
    ]
