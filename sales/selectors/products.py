"""The catalogue as searches show it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse

from core.registries.records import SearchHit
from core.text import sort_key
from sales.models import Product


def search_products(user: Any, text: str, limit: int) -> Sequence[SearchHit]:
    """Products whose name has `text` or whose SKU begins with it; those still sold first."""
    found = Q(sort_name__contains=sort_key(text)) | Q(sku__istartswith=text.strip())
    rows = Product.objects.visible_to(user).filter(found).order_by("-is_active", "sort_name", "pk")
    return [
        SearchHit(
            "product", product.pk, product.name, product.sku, reverse("sales:product_detail", args=[product.pk])
        )
        for product in rows[:limit]
    ]
