"""Orders as lists, panels and searches show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from contacts.models import Company, Contact
from core.money import base_currency
from core.registries.records import SearchHit
from core.scope.fields import conceal_all
from sales.models import Order
from sales.selectors.totals import NOTHING


@dataclass(frozen=True)
class OrderFigures:
    """How often somebody ordered (cancellations apart), what it came to with cancellations taken off, when
    last."""

    count: int
    spent: Decimal
    last_at: datetime | None
    currency: str


def orders_of(user: Any, party: Contact | Company) -> QuerySet[Order]:
    """The orders of a contact or company in scope, newest first."""
    by = {"contact": party} if isinstance(party, Contact) else {"company": party}
    rows: QuerySet[Order] = Order.objects.visible_to(user).filter(**by)
    return rows.order_by("-ordered_at", "-pk")


def order_figures(orders: QuerySet[Order]) -> OrderFigures:
    """The figures of a queryset that is in scope already; one query."""
    bought = Q(is_cancellation=False)
    found = orders.order_by().aggregate(
        count=Count("pk", filter=bought),
        spent=Coalesce(Sum("base_total"), NOTHING),
        last_at=Max("ordered_at", filter=bought),
    )
    return OrderFigures(found["count"], found["spent"], found["last_at"], base_currency())


def search_orders(user: Any, text: str, limit: int) -> Sequence[SearchHit]:
    """Orders in scope whose number begins with `text`."""
    rows = Order.objects.visible_to(user).filter(number__startswith=text.strip().upper())
    found = list(rows.select_related("contact", "company").order_by("number", "pk")[:limit])
    conceal_all(found, user)
    return [
        SearchHit(
            "order",
            order.pk,
            str(order),
            str(order.contact or order.company or ""),
            reverse("sales:order_detail", args=[order.pk]),
        )
        for order in found
    ]
