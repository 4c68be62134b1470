"""Targets."""

from datetime import date
from decimal import Decimal
from typing import Any

from core.enums import Action
from core.models import Team, User
from core.money import base_currency
from core.services.base import require, require_on, service
from sales.enums import QuotaPeriod
from sales.models import Quota


@service
def set_quota(
    *,
    actor: Any,
    period: QuotaPeriod,
    starts_on: date,
    amount: Decimal,
    user: User | None = None,
    team: Team | None = None,
    currency: str = "",
) -> Quota:
    """Set the target of a person, a team or (neither) everybody for the period that starts on `starts_on`,
    in place of an earlier one. Raises ValidationError by field, NotAllowed."""
    require(actor, "quota", Action.ADD)
    whose = {"user": user, "team": user.team if user else team}
    quota = Quota.objects.filter(**whose, period=period, starts_on=starts_on).first()
    quota = quota or Quota(**whose, period=period, starts_on=starts_on)
    quota.amount, quota.currency = amount, currency or base_currency()
    quota.full_clean()
    quota.save()
    require_on(actor, quota, Action.ADD)
    return quota
