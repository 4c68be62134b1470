"""The catalogue as searches and its pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from core.registries.records import SearchHit
from core.scope.fields import conceal_all
from core.text import sort_key
from sales.enums import DealStatus
from sales.models import Deal, Order, OrderLine, Product


def search_products(user: Any, text: str, limit: int) -> Sequence[SearchHit]:
    """Products whose name has `text` or whose SKU begins with it; those still sold first."""
    found = Q(sort_name__contains=sort_key(text)) | Q(sku__istartswith=text.strip())
    rows = Product.objects.visible_to(user).filter(found).order_by("-is_active", "sort_name", "pk")
    return [
        SearchHit(
            "product",
            product.pk,
            product.name,
            product.sku,
            reverse("sales:product_detail", args=[product.pk]),
        )
        for product in conceal_all(rows[:limit], user)
    ]


@dataclass(frozen=True)
class ProductFigures:
    """How a product sells: quantity and orders in the viewer's scope (cancellations taken off the quantity),
    and the open deals it stands in."""

    quantity: Decimal
    orders: int
    open_deals: int


def product_figures(user: Any, product: Product) -> ProductFigures:
    """The figures of one product, in the viewer's scope; two queries."""
    lines = OrderLine.objects.filter(product=product, order__in=Order.objects.visible_to(user))
    sold = lines.aggregate(
        quantity=Coalesce(Sum("quantity"), Decimal(0)),
        orders=Count("order", distinct=True, filter=Q(order__is_cancellation=False)),
    )
    deals = Deal.objects.visible_to(user).filter(
        status=DealStatus.OPEN, pk__in=product.deal_lines.values("deal_id")
    )
    return ProductFigures(sold["quantity"], sold["orders"], deals.count())
