"""The customer profile in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.profile.subject import subject_of
from core.registries import profile


class RowsSerializer(serializers.Serializer[Any]):
    """The list of the rows behind an answer; `count` where it was counted."""

    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField(source="address")
    count = serializers.IntegerField(allow_null=True)


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


class HasProfile:
    """Adds `GET …/{id}/profile/` to a resource of people or companies."""

    @extend_schema(responses=ProfileSerializer)
    @action(detail=True, methods=["get"], url_path="profile")
    def profile(self, request: Request, pk: str) -> Response:
        """What is known of the customer, in the caller's scope."""
        subject = subject_of(self.record_or_404(pk), request.user)  # type: ignore[attr-defined]
        answers = profile.answers(subject, request.user)
        return Response(ProfileSerializer({"answers": answers}).data)
