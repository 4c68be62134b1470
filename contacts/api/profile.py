"""The customer profile in the API."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.profile.subject import subject_of
from core.api.router import rows_url
from core.registries import profile


class RowsSerializer(serializers.Serializer[Any]):
    """The list of the rows behind an answer, as a page and (where there is one) in the API; `count` where it
    was counted."""

    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField(source="address")
    api_url = serializers.SerializerMethodField()
    count = serializers.IntegerField(allow_null=True)

    def get_api_url(self, rows: profile.Rows) -> str | None:
        return rows_url(rows.link)


class AnswerSerializer(serializers.Serializer[Any]):
    """One question. `facts` are the figures of the sentences in `text`; unknown answers have neither."""

    question = serializers.CharField(source="question.key")
    label = serializers.CharField(source="question.label")  # type: ignore[assignment]
    known = serializers.BooleanField()
    text = serializers.ListField(child=serializers.CharField(), source="sentences")
    facts = serializers.DictField()
    rows = RowsSerializer(many=True)


class ProfileSerializer(serializers.Serializer[Any]):
    """All questions, in the order of the page."""

    answers = AnswerSerializer(many=True)


EXAMPLE = OpenApiExample(
    "One of the answers",
    {
        "answers": [
            {
                "question": "how_often",
                "label": "How often do they buy?",
                "known": True,
                "text": ["12 orders, about every 31 days"],
                "facts": {"orders": 12, "usual_gap_days": 31},
                "rows": [
                    {
                        "label": "Orders",
                        "url": "/sales/orders/?contact=12",
                        "api_url": "/api/v1/orders/?contact=12",
                        "count": 12,
                    }
                ],
            }
        ]
    },
    response_only=True,
)


class HasProfile:
    """Adds `GET …/{id}/profile/` to a resource of people or companies."""

    @extend_schema(responses=ProfileSerializer, examples=[EXAMPLE])
    @action(detail=True, methods=["get"], url_path="profile")
    def profile(self, request: Request, pk: str) -> Response:
        """What is known of the customer, in the caller's scope."""
        subject = subject_of(self.record_or_404(pk), request.user)  # type: ignore[attr-defined]
        answers = profile.answers(subject, request.user)
        return Response(ProfileSerializer({"answers": answers}).data)
