"""Products in the API."""

from typing import Any, ClassVar

from core.api.views import Records, RecordSerializer
from sales.models import Product
from sales.services.products import create_product, update_product


class ProductSerializer(RecordSerializer):
    """An item of the catalogue."""

    class Meta:
        model = Product
        fields: ClassVar = [
            "id",
            "name",
            "sku",
            "category",
            "description",
            "list_price",
            "currency",
            "is_active",
            "external_id",
            "version",
            "created_at",
            "updated_at",
        ]
        read_only_fields: ClassVar = ["version"]


class ProductRecords(Records):
    """`/api/v1/products/`."""

    record_type = "product"
    model = Product
    serializer_class = ProductSerializer

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Any:
        return create_product(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        return update_product(actor=actor, product=record, expected_version=expected_version, **values)
