"""Orders in the API."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from contacts.models import Company, Contact
from core.api.references import Reference
from core.api.views import Records, RecordSerializer
from core.models import Tag, Team, User
from sales.models import Deal, Order, OrderLine, Product
from sales.services.orders import EDITABLE, OrderLineInput, create_order, update_order


class OrderLineSerializer(serializers.ModelSerializer[OrderLine]):
    """An item of an order."""

    product = Reference(queryset=Product.objects.all(), required=False, allow_null=True)
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3, default=Decimal(1))
    unit_price = serializers.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        model = OrderLine
        fields: ClassVar = ["product", "description", "quantity", "unit_price", "total"]
        read_only_fields: ClassVar = ["total"]


class OrderSerializer(RecordSerializer):
    """An order with its lines; the lines are given when it is created and stay as they are."""

    contact = Reference(queryset=Contact.objects.all(), required=False, allow_null=True)
    company = Reference(queryset=Company.objects.all(), required=False, allow_null=True)
    deal = Reference(queryset=Deal.objects.all(), required=False, allow_null=True)
    owner = Reference(queryset=User.objects.all(), required=False, allow_null=True)
    team = Reference(queryset=Team.objects.all(), required=False, allow_null=True)
    tags = Reference(queryset=Tag.objects.all(), required=False, many=True)
    currency = serializers.CharField(required=False, max_length=3)
    lines = OrderLineSerializer(many=True)

    class Meta:
        model = Order
        fields: ClassVar = [
            "id",
            "number",
            "contact",
            "company",
            "deal",
            "ordered_at",
            "status",
            "is_cancellation",
            "currency",
            "total",
            "base_total",
            "country",
            "owner",
            "team",
            "source",
            "external_id",
            "tags",
            "lines",
            "version",
            "created_at",
            "updated_at",
        ]
        read_only_fields: ClassVar = ["version"]
        extra_kwargs: ClassVar = {"number": {"required": False}}


class OrderRecords(Records):
    """`/api/v1/orders/`."""

    record_type = "order"
    model = Order
    serializer_class = OrderSerializer

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        lines = OrderLine.objects.select_related("product").order_by("position", "pk")
        return queryset.select_related("contact", "company", "deal", "owner", "team").prefetch_related(
            Prefetch("lines", queryset=lines), "tags"
        )

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Any:
        lines = [OrderLineInput(**line) for line in values.pop("lines")]
        return create_order(actor=actor, lines=lines, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        fixed = values.keys() - EDITABLE - {"tags"}
        if fixed:
            text = _("This is fixed when the order is entered; cancel it and enter another.")
            raise serializers.ValidationError({name: [text] for name in sorted(fixed)})
        return update_order(actor=actor, order=record, expected_version=expected_version, **values)
