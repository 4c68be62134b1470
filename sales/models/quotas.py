"""Targets of people and teams."""

from collections.abc import Container, Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel, currency_code
from core.privacy.classes import classify
from core.scope.rules import OwnerScope
from sales.enums import QuotaPeriod

FIRST_MONTHS: Mapping[str, Container[int]] = {QuotaPeriod.QUARTER: (1, 4, 7, 10), QuotaPeriod.YEAR: (1,)}


class Quota(BaseModel):
    """How much is to be won in a period, by a person (`user`, with the person's team), by a team (`team`
    alone) or by everybody (neither)."""

    user = models.ForeignKey(
        "core.User",
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    team = models.ForeignKey(
        "core.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    period = models.CharField(_("period"), max_length=7, choices=QuotaPeriod.choices)
    starts_on = models.DateField(_("first day"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, validators=[currency_code])

    record_type: ClassVar[str] = "quota"
    scope = OwnerScope("user", "team")
    privacy = classify(technical="user team", business="period starts_on amount currency")

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "team", "period", "starts_on"],
                name="sales_quota_once",
                nulls_distinct=False,
                violation_error_message=_("There is a target for this period already."),
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=Decimal(0)),
                name="sales_quota_positive",
                violation_error_message=_("A target is greater than zero."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__day=1),
                name="sales_quota_first_day",
                violation_error_message=_("A period starts on the first day of a month."),
            ),
        ]

    def clean(self) -> None:
        """A target that starts in the midst of a period would be nobody's."""
        starts: date | None = self.starts_on
        if starts is not None and starts.month not in FIRST_MONTHS.get(self.period, range(1, 13)):
            raise ValidationError({"starts_on": _("No such period starts on this day.")})

    def __str__(self) -> str:
        return f"{self.period} {self.starts_on}: {self.amount} {self.currency}"
