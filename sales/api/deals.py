"""Deals in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.models import Company, Contact
from core.api.problems import Problem
from core.api.references import Reference
from core.api.views import Records, RecordSerializer
from core.conditions.filters import filterset_for
from core.models import Tag, Team, User
from sales.api.deal_contacts import DealContactSerializer, DealPeople
from sales.models import Deal, DealLine, Pipeline, Stage
from sales.selectors.totals import sum_of, totals_by_status
from sales.services.changes import change_deal
from sales.services.deals import create_deal


class DealLineSerializer(serializers.ModelSerializer[DealLine]):
    """An item of a deal."""

    product = Reference(read_only=True)

    class Meta:
        model = DealLine
        fields: ClassVar = ["product", "description", "quantity", "unit_price", "discount_percent", "total"]


class DealSerializer(RecordSerializer):
    """A deal. Setting `stage` moves it; a stage that means lost needs `lost_reason`. `base_amount` is the
    amount in the organisation's currency, at the rate of the closing date for decided deals."""

    stage = Reference(queryset=Stage.objects.all(), required=False)
    pipeline = Reference(queryset=Pipeline.objects.all(), required=False)
    company = Reference(queryset=Company.objects.all(), required=False, allow_null=True)
    contact = Reference(queryset=Contact.objects.all(), required=False, allow_null=True)
    owner = Reference(queryset=User.objects.all(), required=False, allow_null=True)
    team = Reference(queryset=Team.objects.all(), required=False, allow_null=True)
    tags = Reference(queryset=Tag.objects.all(), required=False, many=True)
    contacts = DealContactSerializer(source="deal_contacts", many=True, read_only=True)
    lines = DealLineSerializer(many=True, read_only=True)
    currency = serializers.CharField(required=False, max_length=3)
    probability = serializers.IntegerField(required=False, min_value=0, max_value=100)

    class Meta:
        model = Deal
        fields: ClassVar = [
            "id",
            "name",
            "status",
            "amount",
            "currency",
            "base_amount",
            "stage",
            "pipeline",
            "company",
            "contact",
            "contacts",
            "owner",
            "team",
            "probability",
            "expected_close",
            "opened_at",
            "closed_at",
            "stage_since",
            "next_step_at",
            "lost_reason",
            "won_reason",
            "close_note",
            "description",
            "lines",
            "tags",
            "source",
            "external_id",
            "version",
            "created_at",
            "updated_at",
        ]
        read_only_fields: ClassVar = ["status", "base_amount", "stage_since", "next_step_at", "version"]


class DealRecords(Records):
    """`/api/v1/deals/`; `totals/` answers the sums of what the same filters select."""

    record_type = "deal"
    model = Deal
    serializer_class = DealSerializer
    contacts, contact = DealPeople().actions("contacts", "contact")

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related(
            "stage", "pipeline", "company", "contact", "owner", "team"
        ).prefetch_related("tags", "deal_contacts__contact", "lines__product")

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Any:
        return create_deal(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        return change_deal(actor=actor, deal=record, values=values, expected_version=expected_version)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=False)
    def totals(self, request: Request) -> Response:
        """Count, amount and weighted amount of open, won and lost deals, in the organisation's currency."""
        filters = filterset_for("deal")(request.query_params, self.rows(), user=request.user)
        rows = filters.qs
        if problems := {**filters.problems, **dict.fromkeys(filters.unknown(), "?")}:
            errors = {name: [text] for name, text in problems.items()}
            raise Problem(status.HTTP_400_BAD_REQUEST, _("Some values can't be used."), errors=errors)
        found = totals_by_status(rows)
        currency = next(iter(found.values())).currency
        every = sum_of(found.values(), currency)
        return Response({**{key: part.to_json() for key, part in found.items()}, "all": every.to_json()})
