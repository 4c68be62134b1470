"""Segments in the API."""

from typing import Any, ClassVar

from contacts.models import Segment
from contacts.services.segments import create_segment, update_segment
from core.api.views import Records, RecordSerializer


class SegmentSerializer(RecordSerializer):
    class Meta:
        model = Segment
        fields: ClassVar = [
            "id",
            "name",
            "description",
            "kind",
            "rule",
            "owner",
            "created_at",
            "updated_at",
            "version",
        ]
        read_only_fields: ClassVar = ["id", "owner", "created_at", "updated_at", "version"]


class SegmentRecords(Records):
    """Groups of contacts by rule or by hand."""

    record_type = "segment"
    model = Segment
    queryset = Segment.objects.none()
    serializer_class = SegmentSerializer

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Segment:
        return create_segment(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        return update_segment(actor=actor, segment=record, changes=values, expected_version=expected_version)
