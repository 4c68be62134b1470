"""Builders of sales' test data; each call makes one valid row through the services."""

from decimal import Decimal
from typing import Any

from sales.enums import DealStatus
from sales.models import Deal, Order, Pipeline, Product, Stage
from sales.services.deals import create_deal
from sales.services.orders import OrderLineInput, create_order
from sales.services.pipelines import ensure_sales_defaults
from sales.services.products import create_product

_numbers = iter(range(1, 10**9))


def make_pipeline() -> Pipeline:
    """The default pipeline: Prospecting, Engaging, Proposal, Negotiation, Won, Lost."""
    return ensure_sales_defaults(actor=None)


def stage_named(name: str) -> Stage:
    """A stage of the default pipeline."""
    return make_pipeline().stages.get(name=name)


def make_deal(stage: str = "Prospecting", amount: Any = "1000", **fields: Any) -> Deal:
    """A deal entered by the system, in a stage of the default pipeline (also `Won` or `Lost`)."""
    found = stage_named(stage)
    fields.setdefault("name", f"Deal {next(_numbers)}")
    if found.outcome == DealStatus.LOST:
        fields.setdefault("lost_reason", "price")
    value = None if amount is None else Decimal(str(amount))
    return create_deal(actor=None, stage=found, amount=value, **fields)


def make_product(**fields: Any) -> Product:
    number = next(_numbers)
    fields.setdefault("name", f"Product {number}")
    fields.setdefault("sku", f"SKU-{number}")
    fields.setdefault("list_price", Decimal(100))
    return create_product(actor=None, **fields)


def make_order(total: Any = "100", **fields: Any) -> Order:
    """An order of one line worth `total`."""
    line = OrderLineInput(description="Goods", unit_price=Decimal(str(total)))
    return create_order(actor=None, lines=[line], **fields)
