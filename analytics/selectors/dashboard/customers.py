"""New contacts, and customers at risk."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from analytics.enums import ChurnBand
from analytics.periods import Period
from core.conditions.rows_links import RowsLink


@dataclass(frozen=True)
class RiskLine:
    """Customers of a type at risk, and what the next twelve months with them would have been worth, in the
    base currency."""

    record_type: str
    customers: int
    value: Decimal
    link: RowsLink


def new_contacts(period: Period) -> RowsLink:
    return RowsLink.to("contact", created__between=period.between)


def count_new_contacts(user: Any, period: Period) -> tuple[int, int]:
    """In the period, and in the one before. One query."""
    now, before = new_contacts(period).condition(user), new_contacts(period.previous).condition(user)
    span = RowsLink.to(
        "contact", created__between=f"{period.previous.start.isoformat()},{period.end.isoformat()}"
    )
    found = (
        span.rows(user).order_by().aggregate(now=Count("pk", filter=now), before=Count("pk", filter=before))
    )
    return found["now"], found["before"]


def at_risk(record_type: str) -> RowsLink:
    return RowsLink.to(record_type, churn_band=ChurnBand.AT_RISK.value)


def risk_lines(user: Any) -> list[RiskLine]:
    """Contacts and companies, whichever the viewer may see. One query each."""
    lines = []
    for record_type in ("contact", "company"):
        link = at_risk(record_type)
        if link.usable(user):
            rows: QuerySet[Any] = link.rows(user).order_by()
            found = rows.aggregate(customers=Count("pk"), value=Sum("metric__lifetime_value"))
            lines.append(RiskLine(record_type, found["customers"], found["value"] or Decimal(0), link))
    return lines
