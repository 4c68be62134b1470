"""Survey answers in the API: to read."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from core.api.references import Reference
from core.api.views import ReadOnlyRecords, RecordSerializer
from service.models import SurveyAnswer


class SurveyAnswerSerializer(RecordSerializer):
    """What a customer said about a ticket: `score` from 1 (very dissatisfied) to 5, and `words`."""

    ticket = Reference(read_only=True)
    contact = Reference(source="ticket.contact", read_only=True)
    company = Reference(source="ticket.company", read_only=True)
    score = serializers.IntegerField(read_only=True, min_value=1, max_value=5)

    class Meta:
        model = SurveyAnswer
        fields: ClassVar = [
            "id", "ticket", "contact", "company", "score", "words", "answered_at", "times", "created_at",
            "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = fields


class SurveyAnswerRecords(ReadOnlyRecords):
    """`/api/v1/survey-answers/`."""

    record_type = "survey_answer"
    model = SurveyAnswer
    serializer_class = SurveyAnswerSerializer

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("ticket__contact", "ticket__company")
