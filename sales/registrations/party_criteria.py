"""What sales lets one ask of contacts and companies: in their lists and in segments."""

from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.utils.translation import gettext_lazy as _

from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.conditions.within import narrow
from sales.enums import DealStatus
from sales.models import Deal, DealContact, Order, OrderLine
from sales.registrations.builders import (
    Build,
    deals_in_scope,
    figure_of_orders,
    latest_order,
    latest_order_turns,
    orders_in_scope,
    zero_counts,
)

GROUP = _("Sales")
DEALS = (Deal._meta.db_table, DealContact._meta.db_table)
ORDERS = (Order._meta.db_table,)


def _has_deal(party: str, status: str) -> Build:
    def build(op: str, value: Any, user: Any) -> Q:
        deals = deals_in_scope(user).filter(status=status)
        if party == "contact":
            taking_part = narrow(DealContact.objects.filter(deal__in=deals.values("pk")), "contact_id")
            ids: Any = taking_part.values("contact_id")
        else:
            ids = deals.filter(company__isnull=False).values("company_id")
        return Q(pk__in=ids) if value else ~Q(pk__in=ids)

    return build


def _bought(party: str) -> Build:
    def build(op: str, value: Any, user: Any) -> Q:
        orders = orders_in_scope(user).filter(
            **{f"{party}__isnull": False},
            is_cancellation=False,
            pk__in=OrderLine.objects.filter(product_id__in=value).values("order_id"),
        )
        ids = narrow(orders, party).values(f"{party}_id")
        return ~Q(pk__in=ids) if op == "not_in" else Q(pk__in=ids)

    return build


def _zero_dates(op: str, value: Any) -> bool:
    return op == "not_in_last"


def _of_deals(party: str) -> list[Criterion]:
    return [
        Criterion(
            "has_open_deal",
            _("Has an open deal"),
            Kind.BOOL,
            build=_has_deal(party, DealStatus.OPEN),
            moved_by=DEALS,
            reads=("deal",),
            group=GROUP,
            icon="layout-kanban",
        ),
        Criterion(
            "has_won_deal",
            _("Has a won deal"),
            Kind.BOOL,
            build=_has_deal(party, DealStatus.WON),
            moved_by=DEALS,
            reads=("deal",),
            group=GROUP,
            icon="trophy",
        ),
    ]


def _figures_of_orders(party: str) -> list[Criterion]:
    bought = Q(is_cancellation=False)
    return [
        Criterion(
            "orders",
            _("Number of orders"),
            Kind.NUMBER,
            build=figure_of_orders(party, Count("pk", filter=bought), Kind.NUMBER, zero_counts),
            moved_by=ORDERS,
            reads=("order",),
            operators=("gte", "lte", "is", "gt", "lt", "between"),
            group=GROUP,
            icon="shopping-cart",
        ),
        Criterion(
            "spent",
            _("Total spent in base currency"),
            Kind.NUMBER,
            build=figure_of_orders(party, Sum("base_total"), Kind.NUMBER, zero_counts),
            moved_by=ORDERS,
            reads=("order",),
            discloses=(("order", "total"), ("order", "base_total")),
            operators=("gte", "lte", "gt", "lt", "between"),
            group=GROUP,
            icon="coin",
        ),
        Criterion(
            "last_order",
            _("Last order"),
            Kind.DATE,
            build=figure_of_orders(party, Max("ordered_at", filter=bought), Kind.DATE, _zero_dates),
            moved_by=ORDERS,
            reads=("order",),
            turns=latest_order_turns(party),
            shows=latest_order(party),
            group=GROUP,
            icon="calendar",
        ),
    ]


def _product_bought(party: str) -> Criterion:
    return Criterion(
        "bought",
        _("Bought product"),
        Kind.REF,
        build=_bought(party),
        moved_by=(*ORDERS, OrderLine._meta.db_table),
        reads=("order",),
        ref_type="product",
        operators=("in", "not_in"),
        group=GROUP,
        icon="package",
    )


for _party in ("contact", "company"):
    criteria.register(_party, *_of_deals(_party), *_figures_of_orders(_party), _product_bought(_party))
