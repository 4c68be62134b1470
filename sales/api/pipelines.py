"""Pipelines in the API."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from core.api.views import ReadOnlyRecords, RecordSerializer
from sales.models import Pipeline, Stage


class StageSerializer(serializers.ModelSerializer[Stage]):
    """A stage; `probability` is in percent."""

    class Meta:
        model = Stage
        fields: ClassVar = ["id", "name", "position", "probability", "rot_days", "outcome"]


class PipelineSerializer(RecordSerializer):
    """A pipeline with its stages in order."""

    stages = StageSerializer(many=True, read_only=True)

    class Meta:
        model = Pipeline
        fields: ClassVar = ["id", "name", "position", "is_default", "is_active", "stages"]


class PipelineRecords(ReadOnlyRecords):
    """`/api/v1/pipelines/`."""

    record_type = "pipeline"
    model = Pipeline
    serializer_class = PipelineSerializer

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        stages = Stage.objects.order_by("position", "pk")
        return queryset.prefetch_related(Prefetch("stages", queryset=stages))
