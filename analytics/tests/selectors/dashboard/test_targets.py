from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from analytics.selectors.dashboard.targets import targets_in
from core.models import ExchangeRate
from core.tests.factories import make_team, make_user
from sales.models import Quota

pytestmark = pytest.mark.django_db
MONTHS = [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)]


def quota(amount: int, period: str = "quarter", starts_on: str = "2026-10-01", **fields) -> Quota:
    fields.setdefault("currency", "EUR")
    return Quota.objects.create(amount=amount, period=period, starts_on=starts_on, **fields)


def own(user, months=MONTHS):
    return targets_in(user, months[0], months[-1], "EUR").own(months)


def test_the_target_of_all_counts_for_who_sees_all():
    admin, team = make_user(is_superuser=True), make_team()
    quota(100, user=make_user(team=team), team=team)
    assert own(admin) == Decimal("100.00")
    quota(700, team=team)
    assert own(admin) == Decimal("700.00")
    quota(1000)
    assert own(admin) == Decimal("1000.00")


def test_the_teams_target_counts_for_its_manager():
    team, other = make_team(), make_team()
    manager = make_user("manager", team=team)
    quota(1000)
    quota(55, team=other)
    assert own(manager) is None
    person = make_user("sales", team=team)
    quota(100, user=person, team=team)
    assert own(manager) == Decimal("100.00")
    quota(300, team=team)
    assert own(manager) == Decimal("300.00")
    assert targets_in(manager, MONTHS[0], MONTHS[-1], "EUR").of_person(person.pk, MONTHS) == Decimal("100.00")


def test_targets_are_spread_over_their_months_to_the_cent():
    admin = make_user(is_superuser=True)
    quota(100)
    shares = [own(admin, [month]) for month in MONTHS]
    assert shares == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert own(admin, [date(2027, 1, 1)]) is None
    quota(1200, "year", "2026-01-01")
    assert own(admin, [date(2026, 3, 1)]) == Decimal("100.00")
    assert own(admin, [MONTHS[0]]) == Decimal("133.33")


def test_targets_are_converted_at_the_rate_of_their_first_day():
    admin = make_user(is_superuser=True)
    ExchangeRate.objects.create(currency="USD", date="2026-09-01", rate="0.5")
    quota(300, currency="USD")
    assert own(admin) == Decimal("150.00")
