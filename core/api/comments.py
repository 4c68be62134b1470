"""Comments in the API: read by whoever sees the record, changed by their authors."""

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.references import Reference
from core.api.rows import ON_RECORD, PAGING, Rows, record_of
from core.api.views import RequestSerializer, RowVersion, expected_version, once
from core.enums import Action
from core.models import Comment
from core.registries import records
from core.services.comments import add_comment, change_comment, remove_comment
from core.ui.mentions import MENTION

EXAMPLE = OpenApiExample(
    "A comment that calls a colleague",
    {"record_type": "contact", "object_id": 12, "body": "@[Grace Hopper](7) they would like the new prices."},
    request_only=True,
)


class MentionSerializer(serializers.Serializer[Any]):
    """Somebody called in a comment."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment; `mentions` are those called by `@[Name](id)` in its text."""

    author = Reference(read_only=True)
    mentions = serializers.SerializerMethodField()
    version = RowVersion()

    class Meta:
        model = Comment
        fields: ClassVar = [
            "id", "record_type", "object_id", "author", "body", "mentions", "created_at", "edited_at", "version",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema(responses=MentionSerializer(many=True))
    def get_mentions(self, comment: Comment) -> list[dict[str, Any]]:
        return [{"id": int(pk), "name": name} for name, pk in MENTION.findall(comment.body)]


class CommentRequest(RequestSerializer):
    """What to say, about which record."""

    record_type = serializers.CharField(max_length=40)
    object_id = serializers.IntegerField(min_value=1)
    body = serializers.CharField(max_length=10_000)


class CommentChange(RequestSerializer):
    """Other words."""

    body = serializers.CharField(max_length=10_000)


@extend_schema_view(
    list=extend_schema(parameters=[*ON_RECORD, *PAGING]),
    create=extend_schema(request=CommentRequest, responses={201: CommentSerializer}, examples=[EXAMPLE]),
    partial_update=extend_schema(request=CommentChange),
)
class CommentRecords(Rows):
    """Comments on a record, the newest first. People mentioned who may see the record are told."""

    record_type = "comment"
    queryset = Comment.objects.none()
    serializer_class = CommentSerializer

    def list(self, request: Request) -> Response:
        self.require("comment", Action.VIEW)
        record = self.asked_record()
        rows = Comment.objects.filter(record_type=record.record_type, object_id=record.pk)
        return self.page(rows.select_related("author"), descending=True)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.shown(self.one(pk))

    def create(self, request: Request) -> Response:
        self.require("comment", Action.ADD)
        asked = self.cleaned(CommentRequest)
        record = record_of(request.user, asked["record_type"], asked["object_id"])

        def work() -> Response:
            comment = add_comment(actor=request.user, record=record, body=asked["body"])
            return self.shown(comment, status.HTTP_201_CREATED)

        return once(request, work)

    def partial_update(self, request: Request, pk: str) -> Response:
        comment = self.one(pk)
        body = self.cleaned(CommentChange)["body"]
        changed = change_comment(
            actor=request.user, comment=comment, body=body, expected_version=expected_version(request)
        )
        return self.shown(changed)

    def destroy(self, request: Request, pk: str) -> Response:
        comment = self.one(pk)
        remove_comment(actor=request.user, comment=comment, expected_version=expected_version(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def one(self, pk: str) -> Comment:
        """The comment on a record that the caller may see; 404 otherwise."""
        self.require("comment", Action.VIEW)
        comment: Comment | None = Comment.objects.select_related("author").filter(pk=pk).first()
        if comment is None or not records.resolve(comment.record_type, comment.object_id, self.request.user):
            raise Http404
        return comment
