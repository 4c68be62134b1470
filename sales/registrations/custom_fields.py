"""Deals, orders and products take custom fields."""

from core.conditions.criteria import Kind
from core.custom_fields.importing import import_source
from core.registries import custom_fields, imports
from core.registries.custom_fields import CustomHost

custom_fields.register(
    CustomHost("deal", "sales.Deal", order=("sort_name",), plain={"source": Kind.TEXT, "amount": Kind.NUMBER})
)
custom_fields.register(
    CustomHost(
        "order",
        "sales.Order",
        order=("ordered_at",),
        plain={"status": Kind.CHOICE, "country": Kind.TEXT, "source": Kind.TEXT},
    )
)
custom_fields.register(
    CustomHost(
        "product",
        "sales.Product",
        order=("sort_name",),
        plain={"category": Kind.TEXT, "list_price": Kind.NUMBER, "is_active": Kind.BOOL},
    )
)
imports.register_fields("deals", import_source("deal"))
imports.register_fields("orders", import_source("order"))
imports.register_fields("products", import_source("product"))
