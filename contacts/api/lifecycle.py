"""Lifecycle in the API: the rules for moving, and a person's way through the stages."""

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.enums import LifecycleStage
from contacts.models import LifecycleRule
from contacts.selectors.lifecycle import stays_of
from contacts.services.lifecycle import create_lifecycle_rule, update_lifecycle_rule
from core.api.nested import demand_field
from core.api.schema import Results
from core.api.views import Records, RecordSerializer

EXAMPLE = OpenApiExample(
    "Whoever has ordered is a customer",
    {
        "name": "Bought something",
        "from_stage": "opportunity",
        "to_stage": "customer",
        "rule": {"field": "orders_count", "op": "gte", "value": 1},
        "is_automatic": True,
    },
    request_only=True,
)


class LifecycleRuleSerializer(RecordSerializer):
    """From which stage (any, when empty) to which, for whom the condition tree `rule` is true."""

    class Meta:
        model = LifecycleRule
        fields: ClassVar = [
            "id", "name", "from_stage", "to_stage", "rule", "is_automatic", "is_active", "created_at",
            "updated_at", "version",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["id", "created_at", "updated_at", "version"]


@extend_schema_view(create=extend_schema(examples=[EXAMPLE]))
class LifecycleRuleRecords(Records):
    """Rules for moving people between stages, in the order in which they are tried."""

    record_type = "lifecycle_rule"
    model = LifecycleRule
    queryset = LifecycleRule.objects.none()
    serializer_class = LifecycleRuleSerializer

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> LifecycleRule:
        return create_lifecycle_rule(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        return update_lifecycle_rule(
            actor=actor, rule=record, changes=values, expected_version=expected_version
        )


class StaySerializer(serializers.Serializer[Any]):
    """A time in a stage. `why` is who or what led there; the first one has neither that nor `until` a move."""

    stage = serializers.ChoiceField(source="key", choices=LifecycleStage.choices)
    label = serializers.CharField(source="stage")  # type: ignore[assignment]
    since = serializers.DateTimeField()
    seconds = serializers.SerializerMethodField()
    why = serializers.CharField()
    is_current = serializers.BooleanField()

    def get_seconds(self, stay: Any) -> int:
        return int(stay.lasted.total_seconds())


class LifecycleHistory:
    """Adds `GET …/{id}/lifecycle/` to the resource of people."""

    record_or_404: Any

    @extend_schema(responses=StaySerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=Results)
    def lifecycle(self, request: Request, pk: str) -> Response:
        """The stages a person was in, the present one first; at most the last 50 moves."""
        contact = self.record_or_404(pk)
        demand_field(request.user, "contact", {"lifecycle_stage"})
        return Response({"results": StaySerializer(stays_of(contact), many=True).data})
