"""Money: decimals with a currency, rounded to its smallest coin, converted at dated rates."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.models import ExchangeRate, Organisation

CENT = Decimal("0.01")
WHOLE = Decimal(1)
WITHOUT_CENTS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "XAF", "XOF"}
)


class NoRate(ValidationError):
    """There is no exchange rate for a currency on a date; the text says which one is to be entered."""

    def __init__(self, currency: str, on: date) -> None:
        self.currency, self.on = currency, on
        text = _("There is no exchange rate for %(currency)s on or before %(date)s. Enter one first.")
        super().__init__({"currency": text % {"currency": currency, "date": on.isoformat()}})


def is_base_currency_used() -> bool:
    """Whether sums have been reckoned in it: they keep their rate to it, and would be wrong in another one."""
    kept = "rate_to_base"
    models = [model for model in apps.get_models() if any(f.name == kept for f in model._meta.fields)]
    return any(model._base_manager.filter(**{f"{kept}__isnull": False}).exists() for model in models)


def base_currency() -> str:
    """The currency that totals are reckoned in (ISO 4217)."""
    known = Organisation.objects.filter(pk=1).values_list("base_currency", flat=True).first()
    return known or str(settings.BASE_CURRENCY)


def currencies() -> list[str]:
    """The currencies that can be reckoned with: the base currency, then those with a rate, by name."""
    base = base_currency()
    rated = ExchangeRate.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return [base, *(currency for currency in rated if currency != base)]


def round_money(amount: Decimal, currency: str = "") -> Decimal:
    """`amount` with two places, half up; whole for currencies that have no smaller coin.

    >>> round_money(Decimal("2.345"))
    Decimal('2.35')
    """
    if currency in WITHOUT_CENTS:
        return amount.quantize(WHOLE, ROUND_HALF_UP).quantize(CENT)
    return amount.quantize(CENT, ROUND_HALF_UP)


def rate_on(currency: str, on: date) -> Decimal:
    """What one unit of `currency` is worth in the base currency: the latest rate not after `on`; 1 for the
    base currency itself. Raises NoRate."""
    if currency == base_currency():
        return Decimal(1)
    rate = (
        ExchangeRate.objects.filter(currency=currency, date__lte=on)
        .order_by("-date")
        .values_list("rate", flat=True)
        .first()
    )
    if rate is None:
        raise NoRate(currency, on)
    return rate


def convert(amount: Decimal, source: str, target: str, on: date) -> Decimal:
    """`amount` of `source` in `target` at the rates of `on`, rounded. Raises NoRate."""
    if source == target:
        return round_money(amount, target)
    return round_money(amount * rate_on(source, on) / rate_on(target, on), target)


def to_base(amount: Decimal | None, currency: str, on: date) -> tuple[Decimal, Decimal]:
    """(amount in the base currency, the rate used); no amount is worth 0. Raises NoRate."""
    rate = rate_on(currency, on)
    return round_money((amount or Decimal(0)) * rate, base_currency()), rate
