"""What a deal is worth, in its own currency and in the base currency."""

from datetime import date
from decimal import Decimal
from typing import Any

from core.money import round_money, to_base


def valued(amount: Decimal | None, currency: str, on: date) -> dict[str, Any]:
    """The fields of a deal's amount, reckoned at the rate of `on`. Raises NoRate."""
    rounded = None if amount is None else round_money(amount, currency)
    base, rate = to_base(rounded, currency, on)
    return {
        "amount": rounded,
        "currency": currency,
        "base_amount": base,
        "rate_to_base": rate,
        "rate_date": on,
    }


def line_total(quantity: Decimal, unit_price: Decimal, discount_percent: Decimal, currency: str) -> Decimal:
    """Quantity × price less the discount, rounded to the currency's smallest coin, half up."""
    return round_money(quantity * unit_price * (100 - discount_percent) / 100, currency)
