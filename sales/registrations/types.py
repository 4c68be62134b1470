"""Record types, places in the navigation, and how records are edited in place."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.registries import editing, navigation, records
from core.registries.editing import Editor, Step
from core.registries.navigation import CreateEntry, NavEntry
from core.registries.records import RecordType
from sales import rules
from sales.enums import DealStatus
from sales.models import Deal, Order, Pipeline, Product, Quota
from sales.selectors.deals import search_deals
from sales.selectors.orders import search_orders
from sales.selectors.products import search_products
from sales.services.deals import update_deal
from sales.services.orders import update_order
from sales.services.products import update_product
from sales.services.stages import move_deal

records.register(
    RecordType(
        "deal",
        Deal,
        _("Deal"),
        _("Deals"),
        icon="layout-kanban",
        list_url="sales:deal_list",
        detail_url="sales:deal_detail",
        create_url="sales:deal_create",
        search=search_deals,
    )
)
records.register(
    RecordType(
        "product",
        Product,
        _("Product"),
        _("Products"),
        icon="package",
        list_url="sales:product_list",
        detail_url="sales:product_detail",
        create_url="sales:product_create",
        search=search_products,
    )
)
records.register(
    RecordType(
        "order",
        Order,
        _("Order"),
        _("Orders"),
        icon="shopping-cart",
        list_url="sales:order_list",
        detail_url="sales:order_detail",
        create_url="sales:order_create",
        search=search_orders,
    )
)
records.register(
    RecordType("pipeline", Pipeline, _("Pipeline"), _("Pipelines"), icon="arrows-right", restorable=False)
)
records.register(RecordType("quota", Quota, _("Target"), _("Targets"), icon="target", restorable=False))

navigation.register(
    NavEntry(
        "deals",
        _("Deals"),
        icon="layout-kanban",
        url_name="sales:deal_board",
        order=30,
        allowed=lambda profile: profile.allows("deal", "view"),
        shortcut="g d",
        on_phone=True,
    )
)
navigation.register(
    NavEntry(
        "orders",
        _("Orders"),
        icon="shopping-cart",
        url_name="sales:order_list",
        order=60,
        allowed=lambda profile: profile.allows("order", "view"),
        shortcut="g r",
    )
)
navigation.register(
    NavEntry(
        "products",
        _("Products"),
        icon="package",
        url_name="sales:product_list",
        order=70,
        allowed=lambda profile: profile.allows("product", "view"),
        shortcut="g p",
    )
)
navigation.register_create(
    CreateEntry(
        "deal", _("Deal"), icon="layout-kanban", url_name="sales:deal_create", record_type="deal", order=30
    )
)
navigation.register_create(
    CreateEntry(
        "order",
        _("Order"),
        icon="shopping-cart",
        url_name="sales:order_create",
        record_type="order",
        order=60,
    )
)
navigation.register_create(
    CreateEntry(
        "product",
        _("Product"),
        icon="package",
        url_name="sales:product_create",
        record_type="product",
        order=70,
    )
)


def _deal_form() -> type[Any]:
    from sales.forms.deals import DealForm

    return DealForm


def _product_form() -> type[Any]:
    from sales.forms.products import ProductForm

    return ProductForm


def _order_form() -> type[Any]:
    from sales.forms.orders import OrderForm

    return OrderForm


def _update_deal(*, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None) -> Any:
    return update_deal(actor=actor, deal=record, expected_version=expected_version, **values)


def _update_product(*, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None) -> Any:
    return update_product(actor=actor, product=record, expected_version=expected_version, **values)


def _update_order(*, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None) -> Any:
    return update_order(actor=actor, order=record, expected_version=expected_version, **values)


OF_THE_MOVE = frozenset(
    (
        "pipeline", "status", "stage_since", "probability", "closed_at", "lost_reason", "won_reason",
        "close_note", "base_amount", "rate_to_base", "rate_date",
    )
)  # fmt: skip


def put_stage_back(
    *, actor: Any, record: Any, value: Any, before: Mapping[str, Any], expected_version: int | None
) -> Any:
    """The deal moves to the stage again, today; a decided one for the reason that it had."""
    reason = before.get("lost_reason" if value.outcome == DealStatus.LOST else "won_reason", "")
    note = before.get("close_note", "")
    return move_deal(
        actor=actor, deal=record, stage=value, reason=reason, note=note, expected_version=expected_version
    )


def why_no_stage(deal: Any, stage: Any) -> str:
    if rules.may_go(deal.status, stage.outcome):
        return ""
    words = _("The stage “%(stage)s” can't be put back while the deal is %(status)s: reopen it first.")
    return str(words % {"stage": stage, "status": deal.get_status_display().lower()})


editing.register(Editor("deal", _deal_form, _update_deal))
editing.register_step(
    Step(
        "deal",
        "stage",
        put_stage_back,
        why_no_stage,
        with_it=OF_THE_MOVE,
    )
)
editing.register(Editor("product", _product_form, _update_product))
editing.register(Editor("order", _order_form, _update_order))
