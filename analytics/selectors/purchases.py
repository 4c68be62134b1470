"""All purchases of a population, as arrays for the models."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from django.db import connection
from django.db.models import F, FloatField, Max, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from analytics.enums import Population
from analytics.lifetime_value.rfm import FloatArray, IntArray
from sales.enums import OrderStatus
from sales.models import Order

EPOCH = date(1970, 1, 1)
STILL_COMING_IN = timedelta(days=30)
_COLUMNS = "SELECT customer::int8, (moment AT TIME ZONE 'UTC')::date - date '1970-01-01', amount"
# PGCOPY\n, 0xff \r\n and 0x00 (11 bytes), flags and the length of an empty extension (4 + 4)
_HEADER_BYTES = 19
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("customer_size", ">i4"), ("customer", ">i8"),
        ("day_size", ">i4"), ("day", ">i4"),
        ("amount_size", ">i4"), ("amount", ">f8"),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Purchases:
    """One element per order: the customer's id, the UTC day since 1970, the total in the base currency."""

    customer: IntArray
    day: IntArray
    amount: FloatArray


def end_of_observation() -> date:
    """The last day that orders can tell of.

    Today while orders come in (the newest is at most 30 days old); otherwise the day of the newest: after an
    import of history, silence since then is missing data, not customers who left.
    """
    today = timezone.now().date()
    newest = _countable().filter(ordered_at__lt=_after(today)).aggregate(newest=Max("ordered_at"))["newest"]
    if newest is None or today - newest.date() <= STILL_COMING_IN:
        return today
    return date(newest.year, newest.month, newest.day)


def purchases_of(population: Population, *, until: date) -> Purchases:
    """Every placed order up to and including `until` whose customer is known, read by one binary COPY.

    Cancellations are there with negative amounts. The models learn from everybody's orders, whoever asks:
    the scope applies to the scores, which hang on contacts and companies.
    """
    owner = f"{population.value}_id"
    rows = (
        _countable()
        .filter(ordered_at__lt=_after(until), **{f"{population.value}__isnull": False})
        .order_by()
        .annotate(value=Cast("base_total", FloatField()))
        .values_list(F(owner), "ordered_at", "value")
    )
    return _copy(rows)


def date_of(day: int) -> date:
    return EPOCH + timedelta(days=day)


def day_of(moment: date) -> int:
    return (moment - EPOCH).days


def _countable() -> QuerySet[Order]:
    orders: QuerySet[Order] = Order.objects.exclude(status=OrderStatus.CANCELLED)
    return orders


def _after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=UTC)


def _copy(rows: QuerySet[Order]) -> Purchases:
    inner, params = rows.query.sql_with_params()
    target = io.BytesIO()
    with connection.cursor() as cursor:
        query = cursor.mogrify(inner, params).decode()
        # Django's own SQL with its parameters quoted by the driver: COPY itself takes none.
        cursor.copy_expert(
            f"COPY ({_COLUMNS} FROM ({query}) AS orders (customer, moment, amount)) TO STDOUT (FORMAT binary)",
            target,
        )
    data = target.getbuffer()
    count = (len(data) - _HEADER_BYTES - 2) // _ROW.itemsize  # the trailer is two bytes
    table = np.frombuffer(data, dtype=_ROW, count=count, offset=_HEADER_BYTES)
    return Purchases(
        table["customer"].astype(np.int64), table["day"].astype(np.int64), table["amount"].astype(np.float64)
    )
