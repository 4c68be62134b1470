"""What sales knows that moves people between segments: its tables, and counts and sums over them."""

from typing import Any

from django.db.models import Avg, Count, Max, Q, Sum
from django.utils.translation import gettext_lazy as _

from core.conditions.criteria import Criterion, Kind
from core.conditions.figures import Collection, Measure, register_collection
from core.conditions.sources import Source, register_sources
from sales.enums import DealStatus, OrderStatus
from sales.models import Deal, DealContact, Order, OrderLine
from sales.registrations.builders import deals_in_scope, orders_in_scope
from sales.selectors.pipelines import pipeline_choices, stage_choices

GROUP = _("Counts and sums")

register_sources(
    "contact",
    Source(Order._meta.db_table, "SELECT contact_id FROM {rows}"),
    Source(
        OrderLine._meta.db_table,
        "SELECT o.contact_id FROM sales_order o JOIN {rows} r ON r.order_id = o.id",
    ),
    Source(DealContact._meta.db_table, "SELECT contact_id FROM {rows}"),
    Source(
        Deal._meta.db_table,
        "SELECT d.contact_id FROM sales_dealcontact d JOIN {rows} r ON r.id = d.deal_id",
    ),
)


def _orders(user: Any) -> Any:
    return orders_in_scope(user).filter(is_cancellation=False)


def _money(user: Any) -> Any:
    """Orders and what took parts of them back."""
    return orders_in_scope(user)


def _with_product(op: str, value: Any, user: Any) -> Q:
    lines = OrderLine.objects.filter(product_id__in=value).values("order_id")
    return ~Q(pk__in=lines) if op == "not_in" else Q(pk__in=lines)


def _deals(user: Any) -> Any:
    live = DealContact.objects.filter(deal__deleted_at__isnull=True)
    return live if user is None else live.filter(deal__in=deals_in_scope(user).values("pk"))


ORDER_TOTAL = (("order", "total"), ("order", "base_total"))
DEAL_AMOUNT = (("deal", "amount"), ("deal", "base_amount"))
OF_ORDERS = (
    Criterion("status", _("Status"), Kind.CHOICE, path="status", choices=lambda: OrderStatus.choices),
    Criterion(
        "product", _("Product"), Kind.REF, build=_with_product, ref_type="product", operators=("in", "not_in")
    ),
    Criterion("source", _("Source"), Kind.TEXT, path="source"),
    Criterion("total", _("Total in base currency"), Kind.NUMBER, path="base_total", discloses=ORDER_TOTAL),
)
OF_DEALS = (
    Criterion(
        "status", _("Status"), Kind.CHOICE, path="deal__status", choices=lambda: DealStatus.choices, field="status"
    ),
    Criterion(
        "pipeline", _("Pipeline"), Kind.CHOICE, path="deal__pipeline_id", choices=pipeline_choices,
        field="pipeline", operators=("in", "not_in"),
    ),
    Criterion(
        "stage", _("Stage"), Kind.CHOICE, path="deal__stage_id", choices=stage_choices, field="stage",
        operators=("in", "not_in"),
    ),
    Criterion(
        "amount", _("Amount in base currency"), Kind.NUMBER, path="deal__base_amount", field="amount",
        discloses=DEAL_AMOUNT,
    ),
)  # fmt: skip
ORDER_TABLES = (Order._meta.db_table, OrderLine._meta.db_table)
DEAL_TABLES = (Deal._meta.db_table, DealContact._meta.db_table)


def _count(label: Any) -> Measure:
    return Measure("count", label, lambda only: Count("pk", filter=only))


def _sum(label: Any, path: str, *discloses: str) -> Measure:
    return Measure("total", label, lambda only: Sum(path, filter=only), discloses=discloses)


_SHARED: dict[str, Any] = {"party": "contact_id", "group": GROUP}
register_collection(
    "contact",
    Collection(
        "orders",
        _orders,
        measures=(
            _count(_("Orders: number")),
            Measure(
                "average",
                _("Orders: average in base currency"),
                lambda only: Avg("base_total", filter=only),
                zero=False,
                discloses=("total", "base_total"),
            ),
            Measure(
                "largest",
                _("Orders: largest in base currency"),
                lambda only: Max("base_total", filter=only),
                zero=False,
                discloses=("total", "base_total"),
            ),
        ),
        moved_by=ORDER_TABLES,
        at="ordered_at",
        narrow=OF_ORDERS,
        reads=("order",),
        icon="shopping-cart",
        **_SHARED,
    ),
)
register_collection(
    "contact",
    Collection(
        "purchases",
        _money,
        measures=(
            _sum(_("Orders: sum in base currency, less cancellations"), "base_total", "total", "base_total"),
        ),
        moved_by=ORDER_TABLES,
        at="ordered_at",
        narrow=OF_ORDERS,
        reads=("order",),
        icon="coin",
        field="orders",
        **_SHARED,
    ),
)
for _key, _label, _sum_label, _at in (
    ("deals_opened", _("Deals opened: number"), _("Deals opened: sum"), "deal__opened_at"),
    ("deals_decided", _("Deals won or lost: number"), _("Deals won or lost: sum"), "deal__closed_at"),
):
    register_collection(
        "contact",
        Collection(
            _key,
            _deals
            if _key == "deals_opened"
            else lambda user: _deals(user).filter(deal__closed_at__isnull=False),
            measures=(_count(_label), _sum(_sum_label, "deal__base_amount", "amount", "base_amount")),
            moved_by=DEAL_TABLES,
            at=_at,
            narrow=OF_DEALS,
            reads=("deal",),
            icon="layout-kanban",
            field="deals",
            **_SHARED,
        ),
    )
