"""Ways to reach people and companies in the API: `/contacts/{id}/points/`, `/companies/{id}/points/`."""

from typing import Any, ClassVar

from django.db.models import QuerySet

from contacts.models import ContactPoint
from contacts.services.points import add_point, remove_point, update_point
from core.api.nested import NestedRows, RowSerializer
from core.api.views import RowVersion


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


class PointRows(NestedRows):
    """How they are reached, the ones used first on top; one that is there already is found again."""

    serializer = PointRowSerializer
    change_serializer = PointChangeSerializer
    stand_for = frozenset({"points"})

    def rows(self, record: Any, user: Any) -> QuerySet[ContactPoint]:
        rows: QuerySet[ContactPoint] = record.points.order_by("-is_primary", "pk")
        return rows

    def add(self, actor: Any, record: Any, values: dict[str, Any]) -> ContactPoint:
        return add_point(actor=actor, **{**values, record.record_type: record})

    def change(
        self, actor: Any, row: Any, changes: dict[str, Any], expected_version: int | None
    ) -> ContactPoint:
        return update_point(actor=actor, point=row, changes=changes, expected_version=expected_version)

    def remove(self, actor: Any, row: Any, expected_version: int | None) -> None:
        remove_point(actor=actor, point=row, expected_version=expected_version)
