"""Builders of analytics' test data."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from analytics.lifetime_value.bg_nbd import BgNbd
from analytics.tests.transactions import simulate
from contacts.models import Company, Contact
from core.money import base_currency
from sales.models import Order

BUYERS = BgNbd(r=1.5, alpha=60.0, a=0.6, b=4.0)


def make_buyer(name: str = "Buyer", **fields: Any) -> Contact:
    return Contact.objects.create(first_name=name, name=name, sort_name=name.lower(), **fields)


def make_buying_company(name: str = "Buyers Ltd", **fields: Any) -> Company:
    return Company.objects.create(name=name, sort_name=name.lower(), **fields)


def add_orders(
    customer: Contact | Company, *days_ago: int, total: Any = 100, until: datetime | None = None
) -> None:
    """Orders of a customer at noon, so many days before `until` (default: today), past the services."""
    end = (until or datetime.now(UTC)).replace(hour=12, minute=0, second=0, microsecond=0)
    link = {"contact": customer} if isinstance(customer, Contact) else {"company": customer}
    currency = base_currency()
    Order.objects.bulk_create(
        Order(
            ordered_at=end - timedelta(days=days),
            currency=currency,
            total=Decimal(str(total)),
            base_total=Decimal(str(total)),
            **link,
        )
        for days in days_ago
    )


def make_buyers(count: int, *, seed: int = 1, days: int = 400) -> list[Contact]:
    """Contacts who buy as BG/NBD says over the last `days`, spending a mean of their own."""
    made = simulate(BUYERS, count, ages=(days // 2, days), seed=seed)
    contacts = Contact.objects.bulk_create(
        Contact(name=f"Buyer {n}", first_name=f"Buyer {n}", sort_name=f"buyer {n:05}") for n in range(count)
    )
    spend = np.random.default_rng(seed).gamma(4.0, 10.0, count)
    for n, contact in enumerate(contacts):
        ago = days - made.day[made.customer == n]
        add_orders(contact, *[int(day) for day in ago], total=round(float(spend[n]), 2))
    return contacts
