"""The catalogue."""

from typing import Any

from core.custom_fields.saving import for_new
from core.enums import Action
from core.services.base import require, save_changes, service
from core.text import sort_key
from sales.models import Product
from sales.services.locking import locked


@service
def create_product(*, actor: Any, name: str, **fields: Any) -> Product:
    """Create a product. Raises ValidationError by field (a SKU exists once), NotAllowed."""
    require(actor, "product", Action.ADD)
    name = name.strip()
    fields["custom"] = for_new("product", {"is_active": True, **fields})
    product = Product(name=name, sort_name=sort_key(name, 200), **fields)
    product.full_clean()
    product.save()
    return product


@service
def update_product(
    *, actor: Any, product: Product, expected_version: int | None = None, **fields: Any
) -> Product:
    """Change a product and return it as it is now. Prices on deals and orders stay as they were agreed.
    Raises ValidationError by field, NotAllowed, StaleRecord."""
    current = locked(actor, product)
    if "name" in fields:
        fields["name"] = fields["name"].strip()
        fields["sort_name"] = sort_key(fields["name"], 200)
    save_changes(current, fields, expected_version=expected_version)
    return current
