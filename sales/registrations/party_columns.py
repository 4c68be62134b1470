"""Columns that sales adds to the lists of contacts and companies: the viewer's own scope counts."""

from collections.abc import Callable
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from core.registries import columns
from core.registries.columns import Column
from core.ui.cells import money, when
from sales.enums import DealStatus
from sales.models import Deal, Order


def _open_pipeline(party: str) -> Callable[[QuerySet[Any], Any], QuerySet[Any]]:
    path = "deal_contacts__contact" if party == "contact" else "company"

    def select(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
        deals = Deal.objects.visible_to(user).filter(**{path: OuterRef("pk")}, status=DealStatus.OPEN)
        total = deals.order_by().values(path).annotate(total=Sum("base_amount")).values("total")
        return rows.annotate(open_pipeline=Subquery(total[:1]))

    return select


def _last_order(party: str) -> Callable[[QuerySet[Any], Any], QuerySet[Any]]:
    def select(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
        orders = Order.objects.visible_to(user).filter(**{party: OuterRef("pk")}, is_cancellation=False)
        last = orders.order_by().values(party).annotate(last=Max("ordered_at")).values("last")
        return rows.annotate(last_order_at=Subquery(last[:1]))

    return select


for _party in ("contact", "company"):
    columns.register(
        _party,
        Column(
            "open_pipeline",
            _("Open pipeline"),
            lambda row: money(row.open_pipeline),
            export=lambda row: row.open_pipeline,
            select_for=_open_pipeline(_party),
            needs="deal",
            align="end",
            order=60,
        ),
        Column(
            "last_order",
            _("Last order"),
            lambda row: when(row.last_order_at),
            export=lambda row: row.last_order_at.isoformat() if row.last_order_at else "",
            select_for=_last_order(_party),
            needs="order",
            default=False,
            order=160,
        ),
    )
