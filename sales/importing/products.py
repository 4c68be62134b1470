"""The target «products»."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.custom_fields.names import is_custom
from core.importing.records import RecordTarget
from core.importing.rows import ImportContext, Row
from core.importing.style import BadValue
from core.importing.targets import ImportField
from core.text import sort_key
from sales.models import Product


def clean_price(value: Decimal) -> Decimal:
    if value < 0:
        raise BadValue(_("a price is not negative."))
    return unit_price(value)


def unit_price(value: Decimal) -> Decimal:
    """A price of one piece, with four decimals. Raises BadValue for one that is too large."""
    if abs(value) >= Decimal(10) ** 13:
        raise BadValue(_("the amount is too large."))
    return value.quantize(Decimal("0.0001"), ROUND_HALF_UP)


class ProductTarget(RecordTarget):
    """One line is one product, known by its external id, its SKU or, without either, its name."""

    key = "products"
    label = gettext_lazy("Products")
    icon = "package"
    record_type = "product"
    model = Product
    uses_currency = True

    def fields(self) -> Sequence[ImportField]:
        return (
            ImportField(
                "name", gettext_lazy("Name"), required=True, max_length=200, identifies=True,
                synonyms=("product", "product name", "item", "article"),
            ),
            ImportField(
                "sku", gettext_lazy("SKU"), max_length=80, identifies=True,
                synonyms=("stock code", "article number", "item number", "product code"),
            ),
            ImportField(
                "category", gettext_lazy("Category"), max_length=120,
                synonyms=("series", "group", "product line", "family", "product group"),
            ),
            ImportField(
                "list_price", gettext_lazy("List price"), "money", clean=clean_price,
                synonyms=("sales price", "price", "unit price", "list price"),
            ),
            ImportField("is_active", gettext_lazy("Sold"), "boolean", synonyms=("active", "available")),
            ImportField(
                "external_id", gettext_lazy("External id"), max_length=120, identifies=True,
                synonyms=("id", "product id"),
            ),
            ImportField(
                "description", gettext_lazy("Description"), max_length=20_000, synonyms=("notes", "details")
            ),
        )  # fmt: skip

    def keys(self, row: Row) -> list[Hashable]:
        external, sku = row.values.get("external_id"), row.values.get("sku", "").lower()
        keys: list[Hashable] = [("external", external)] if external else []
        if sku:
            keys.append(("sku", sku))
        return keys or [("name", sort_key(row.values["name"], 200))]

    def find(self, context: ImportContext, keys: Sequence[Hashable]) -> Mapping[Hashable, int]:
        wanted: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            wanted[str(key[0])].append(str(key[1]))  # type: ignore[index]
        found: dict[Hashable, int] = {}
        rows = Product.objects.annotate(code=Lower("sku")).order_by("-pk")
        columns = {"name": "sort_name", "sku": "code", "external": "external_id"}
        for kind, texts in wanted.items():
            column = columns[kind]
            matches = rows.filter(**{f"{column}__in": texts}).values_list(column, "pk")
            found.update({(kind, text): pk for text, pk in matches})
        return found

    def columns_of(self, context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
        columns = {name: value for name, value in row.values.items() if not is_custom(name)}
        if "name" in columns:
            columns["sort_name"] = sort_key(columns["name"], 200)
            if columns["sort_name"] == current.get("sort_name"):
                del columns["name"]  # the same name in another case or spacing is no change
        if "list_price" in columns:
            columns["currency"] = context.currency
        return columns
