"""Columns and criteria of the product list and of the order list."""

from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contacts.geo.linked import place_criteria
from contacts.registrations.criteria import tags
from core.conditions import criteria
from core.conditions.criteria import Criterion, Kind
from core.registries import columns
from core.registries.columns import Column, joined
from core.ui import markup
from core.ui.cells import badge, link, money, muted, person, when
from sales.enums import OrderStatus
from sales.models import Order, OrderLine, Product
from sales.registrations.builders import sort_name_condition
from sales.registrations.links import record_url

ORDER_TONES = {OrderStatus.PLACED: "info", OrderStatus.DELIVERED: "ok", OrderStatus.CANCELLED: "bad"}


def order_status_badge(order: Order) -> SafeString:
    """The order's state; a cancellation says that it is one."""
    if order.is_cancellation:
        return badge(_("Cancellation"), "warn")
    return badge(order.get_status_display(), ORDER_TONES[OrderStatus(order.status)])


def _product_title(product: Product) -> SafeString:
    return format_html('{}<span class="cut">{}</span>', markup.avatar(product.name, "square"), product.name)


def _buyer(order: Order) -> SafeString:
    if order.contact is not None:
        return link(record_url("contact", order.contact_id), order.contact)
    return (
        link(record_url("company", order.company_id), order.company) if order.company else muted(markup.EMPTY)
    )


def _with_product(op: str, value: Any, user: Any) -> Q:
    lines = OrderLine.objects.filter(product_id__in=value or []).values("order_id")
    return ~Q(pk__in=lines) if op == "not_in" else Q(pk__in=lines)


columns.register(
    "product",
    Column("name", _("Product"), _product_title, export=lambda p: p.name, sort=("sort_name",), order=10),
    Column("sku", _("SKU"), lambda p: p.sku, field="sku", editable=True, order=20),
    Column("category", _("Category"), lambda p: p.category, field="category", editable=True, order=30),
    Column(
        "list_price",
        _("List price"),
        lambda p: money(p.list_price, p.currency),
        export=lambda p: p.list_price,
        field="list_price",
        editable=True,
        align="end",
        order=40,
    ),
    Column(
        "is_active",
        _("Sold"),
        lambda p: badge(_("Sold"), "ok") if p.is_active else badge(_("Not sold any more")),
        export=lambda p: p.is_active,
        field="is_active",
        editable=True,
        order=50,
    ),
)
criteria.register(
    "product",
    Criterion("name", _("Name"), Kind.TEXT, build=sort_name_condition, field="name", icon="package"),
    Criterion("sku", _("SKU"), Kind.TEXT, path="sku", icon="barcode"),
    Criterion("category", _("Category"), Kind.TEXT, path="category", icon="tag"),
    Criterion("list_price", _("List price"), Kind.NUMBER, path="list_price", icon="coin"),
    Criterion("active", _("Sold"), Kind.BOOL, path="is_active", icon="check"),
)
columns.register(
    "order",
    Column("number", _("Order"), str, export=lambda o: o.number, order=10),
    Column(
        "buyer",
        _("Customer"),
        _buyer,
        export=lambda o: str(o.contact or o.company or ""),
        select=joined("contact", "company"),
        order=20,
    ),
    Column("status", _("Status"), order_status_badge, export=lambda o: o.status, field="status", order=30),
    Column(
        "total",
        _("Total"),
        lambda o: money(o.total, o.currency),
        export=lambda o: o.total,
        sort=("base_total",),
        field="total",
        align="end",
        order=40,
    ),
    Column(
        "ordered",
        _("Ordered"),
        lambda o: when(o.ordered_at),
        export=lambda o: o.ordered_at.isoformat(),
        sort=("ordered_at",),
        field="ordered_at",
        order=50,
    ),
    Column(
        "owner",
        _("Owner"),
        lambda o: person(o.owner.name if o.owner else ""),
        export=lambda o: str(o.owner or ""),
        select=joined("owner"),
        field="owner",
        default=False,
        order=60,
    ),
    Column("currency", _("Currency"), lambda o: o.currency, field="currency", default=False, order=65),
    Column("country", _("Country"), lambda o: o.country, field="country", default=False, order=70),
    Column("source", _("Source"), lambda o: o.source, field="source", default=False, order=80),
    Column(
        "tags",
        _("Tags"),
        lambda o: [tag.name for tag in o.tags.all()],
        select=lambda rows: rows.prefetch_related("tags"),
        field="tags",
        default=False,
        order=85,
    ),
)
criteria.register(
    "order",
    Criterion("number", _("Number"), Kind.TEXT, path="number", operators=("starts", "is"), icon="hash"),
    Criterion("ordered", _("Ordered"), Kind.DATE, path="ordered_at", icon="calendar"),
    Criterion(
        "status", _("Status"), Kind.CHOICE, path="status", choices=lambda: OrderStatus.choices, icon="flag"
    ),
    Criterion("cancellation", _("Cancellation"), Kind.BOOL, path="is_cancellation", icon="arrow-back-up"),
    Criterion(
        "total", _("Total in base currency"), Kind.NUMBER, path="base_total", field="total", icon="coin"
    ),
    Criterion("contact", _("Contact"), Kind.REF, path="contact_id", ref_type="contact", icon="user"),
    Criterion("company", _("Company"), Kind.REF, path="company_id", ref_type="company", icon="building"),
    Criterion("owner", _("Owner"), Kind.REF, path="owner_id", ref_type="user", icon="user-circle"),
    Criterion("team", _("Team"), Kind.REF, path="team_id", ref_type="team", icon="users-group"),
    Criterion(
        "product",
        _("Product"),
        Kind.REF,
        build=_with_product,
        ref_type="product",
        operators=("in", "not_in"),
        icon="package",
    ),
    Criterion("country", _("Country"), Kind.TEXT, path="country", icon="map-pin"),
    Criterion("source", _("Source"), Kind.TEXT, path="source", icon="arrow-down-right"),
    Criterion("tags", _("Tags"), Kind.REF, build=tags(Order), ref_type="tag", field="tags", icon="tag"),
    *place_criteria("contact", "company"),
)
