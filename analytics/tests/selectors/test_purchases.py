from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from analytics.enums import Population
from analytics.selectors.purchases import date_of, day_of, end_of_observation, purchases_of
from analytics.tests.factories import add_orders, make_buyer, make_buying_company
from sales.enums import OrderStatus
from sales.models import Order

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_purchases_are_the_orders_of_known_customers_by_utc_day():
    first, second, company = make_buyer("A"), make_buyer("B"), make_buying_company()
    add_orders(first, 3, 0, total="12.50", until=NOON)
    add_orders(second, 1, total="-3.25", until=NOON)
    add_orders(company, 2, total="99", until=NOON)
    Order.objects.create(ordered_at=NOON, currency="EUR", total=5, base_total=5)
    got = purchases_of(Population.CONTACT, until=NOON.date())
    rows = sorted(zip(got.customer.tolist(), got.day.tolist(), got.amount.tolist(), strict=True))
    today = day_of(NOON.date())
    assert rows == [(first.pk, today - 3, 12.5), (first.pk, today, 12.5), (second.pk, today - 1, -3.25)]
    companies = purchases_of(Population.COMPANY, until=NOON.date())
    assert companies.customer.tolist() == [company.pk]


def test_purchases_leave_out_cancelled_deleted_and_later_orders():
    buyer = make_buyer()
    add_orders(buyer, 4, 3, 2, 1, until=NOON)
    by_age = list(Order.objects.order_by("ordered_at"))
    Order.objects.filter(pk=by_age[0].pk).update(status=OrderStatus.CANCELLED)
    Order.objects.filter(pk=by_age[1].pk).update(deleted_at=NOON)
    got = purchases_of(Population.CONTACT, until=NOON.date() - timedelta(days=2))
    assert got.day.tolist() == [day_of(NOON.date()) - 2]


def test_purchases_of_nobody_are_empty():
    assert len(purchases_of(Population.CONTACT, until=NOON.date()).customer) == 0


def test_days_are_counted_from_1970():
    assert day_of(date(1970, 1, 2)) == 1
    assert date_of(day_of(date(2026, 2, 28))) == date(2026, 2, 28)


def test_observation_ends_today_while_orders_come_in():
    add_orders(make_buyer(), 400, 29)
    assert end_of_observation() == datetime.now(UTC).date()


def test_observation_ends_with_the_newest_order_of_an_old_history():
    add_orders(make_buyer(), 400, 200)
    assert end_of_observation() == datetime.now(UTC).date() - timedelta(days=200)


def test_observation_without_orders_ends_today():
    assert end_of_observation() == datetime.now(UTC).date()
