"""The organisation's own settings and the currencies it reckons in."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.base import BaseModel
from core.privacy.classes import classify
from core.scope.rules import SharedScope

currency_code = RegexValidator(r"^[A-Z]{3}$", _("Use the three letters of ISO 4217, such as EUR."))


class Organisation(BaseModel):
    """The one organisation of the installation (pk 1)."""

    name = models.CharField(_("name"), max_length=120, default="Meridian")
    base_currency = models.CharField(
        _("base currency"), max_length=3, default="EUR", validators=[currency_code]
    )
    postal_address = models.TextField(_("postal address"), blank=True)
    default_country = models.CharField(_("default country"), max_length=2, default="DE")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    record_type: ClassVar[str] = "organisation"
    scope = SharedScope()
    privacy = classify(business="name base_currency postal_address", technical="default_country time_zone")

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(pk=1), name="core_organisation_single")
        ]

    def __str__(self) -> str:
        return self.name


class ExchangeRate(BaseModel):
    """How much of the base currency one unit of `currency` was worth on `date`."""

    currency = models.CharField(_("currency"), max_length=3, validators=[currency_code])
    date = models.DateField(_("date"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)

    record_type: ClassVar[str] = "exchange_rate"
    scope = SharedScope()
    privacy = classify(business="currency date rate")

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["currency", "date"], name="core_exchangerate_once"),
            models.CheckConstraint(
                condition=models.Q(rate__gt=Decimal(0)),
                name="core_exchangerate_positive",
                violation_error_message=_("A rate is greater than zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.date}: {self.rate}"
