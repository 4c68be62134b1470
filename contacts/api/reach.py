"""Ways to reach people and companies in the API: `/contacts/{id}/points/`, `/companies/{id}/points/`."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.api.nested import ROW, Nested, RowSerializer, demand_field
from contacts.models import ContactPoint
from contacts.services.points import add_point, remove_point, update_point
from core.api.schema import IF_MATCH, Results
from core.api.views import RowVersion, expected_version, once
from core.enums import Action


class PointRowSerializer(RowSerializer):
    """A way to reach somebody: `value` as it was given, `normalised` as it is matched."""

    version = RowVersion()

    class Meta:
        model = ContactPoint
        fields: ClassVar = [
            "id", "kind", "label", "value", "normalised", "is_primary", "verified_at", "bounced_at",
            "version",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["id", "normalised", "verified_at", "bounced_at"]
        extra_kwargs: ClassVar = {"is_primary": {"required": False}, "label": {"required": False}}


class PointChangeSerializer(PointRowSerializer):
    """The kind stays."""

    class Meta(PointRowSerializer.Meta):
        read_only_fields: ClassVar = [*PointRowSerializer.Meta.read_only_fields, "kind"]


class PointRows(Nested):
    """Addresses, numbers and handles of a contact or company."""

    record_type: ClassVar[str]
    record_or_404: Any

    @extend_schema(methods=["GET"], responses=PointRowSerializer(many=True), filters=False)
    @extend_schema(methods=["POST"], request=PointRowSerializer, responses={201: PointRowSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=Results)
    def points(self, request: Request, pk: str) -> Response:
        """How they are reached, the ones used first on top; one that is there already is found again."""
        self._may(request)
        if request.method in SAFE_METHODS:
            return self.answer(PointRowSerializer, self._points(self.record_or_404(pk)))
        record = self.record_or_404(pk, Action.CHANGE)

        def work() -> Response:
            values = {**self.cleaned(PointRowSerializer), self.record_type: record}
            return self.shown(PointRowSerializer, add_point(actor=request.user, **values), 201)

        return once(request, work)

    @extend_schema(
        methods=["PATCH"], parameters=[IF_MATCH], request=PointChangeSerializer, responses=PointRowSerializer
    )
    @extend_schema(methods=["DELETE"], parameters=[IF_MATCH], responses={204: None})
    @action(detail=True, methods=["patch", "delete"], url_path=f"points/{ROW}")
    def point(self, request: Request, pk: str, row_pk: str) -> Response:
        self._may(request)
        row = self.one(self._points(self.record_or_404(pk, Action.CHANGE)), row_pk)
        if request.method == "DELETE":
            remove_point(actor=request.user, point=row, expected_version=expected_version(request))
            return Response(status=status.HTTP_204_NO_CONTENT)
        changes = self.cleaned(PointChangeSerializer, row)
        fresh = self.one(ContactPoint.objects.select_related("contact", "company"), row_pk)
        changed = update_point(
            actor=request.user, point=fresh, changes=changes, expected_version=expected_version(request)
        )
        return self.shown(PointRowSerializer, changed)

    def _may(self, request: Request) -> None:
        writing = request.method not in SAFE_METHODS
        demand_field(request.user, self.record_type, {"points"}, writing=writing)

    def _points(self, record: Any) -> QuerySet[ContactPoint]:
        rows: QuerySet[ContactPoint] = record.points.order_by("-is_primary", "pk")
        return rows
