"""Documents of the library in the API: their versions, whom they are shared with, where they belong."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.files import FileSerializer
from core.api.references import Reference
from core.api.rows import record_of
from core.api.schema import Results
from core.api.views import Records, RecordSerializer, RequestSerializer, once
from core.enums import Action
from core.models import Document, DocumentLink, Team, User
from core.selectors.documents import LinkedRecord, linked_records
from core.selectors.files import files_on
from core.services.documents import create_document, link_document, unlink_document, update_document


class DocumentSerializer(RecordSerializer):
    """A document; `file` adds a version, the newest counts. `shared_teams` goes with `sharing: teams`."""

    owner = Reference(queryset=User.objects.all(), required=False)
    shared_teams = Reference(queryset=Team.objects.all(), many=True, required=False)
    file = serializers.FileField(write_only=True, required=False, allow_empty_file=True, source="upload")

    class Meta:
        model = Document
        fields: ClassVar = [
            "id", "name", "description", "sharing", "shared_teams", "owner", "team", "file", "created_at",
            "updated_at", "version",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["id", "team", "created_at", "updated_at", "version"]
        extra_kwargs: ClassVar = {"name": {"required": False, "allow_blank": True}}


class LinkRequest(RequestSerializer):
    """The record that a document belongs to."""

    record_type = serializers.CharField(max_length=40)
    object_id = serializers.IntegerField(min_value=1)


class LinkSerializer(serializers.Serializer[LinkedRecord]):
    """A record that a document belongs to."""

    id = serializers.IntegerField(source="link.pk")
    record_type = serializers.CharField(source="link.record_type")
    object_id = serializers.IntegerField(source="link.object_id")
    name = serializers.CharField(source="record")


class VersionRequest(RequestSerializer):
    """A further version."""

    file = serializers.FileField(allow_empty_file=True)


@extend_schema_view(
    create=extend_schema(
        request={"multipart/form-data": DocumentSerializer}, responses={201: DocumentSerializer}
    )
)
class DocumentRecords(Records):
    """The library, by name."""

    record_type = "document"
    model = Document
    queryset = Document.objects.none()
    serializer_class = DocumentSerializer
    parser_classes = (JSONParser, MultiPartParser)
    order = ("name",)

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("owner").prefetch_related("shared_teams")

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Document:
        values.setdefault("upload", None)
        return create_document(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        return update_document(
            actor=actor, document=record, changes=values, expected_version=expected_version
        )

    @extend_schema(methods=["GET"], responses=FileSerializer(many=True), filters=False)
    @extend_schema(
        methods=["POST"], request={"multipart/form-data": VersionRequest}, responses={201: FileSerializer}
    )
    @action(detail=True, methods=["get", "post"], pagination_class=Results)
    def versions(self, request: Request, pk: str) -> Response:
        """Its files, the newest first; POST adds one."""
        context = {"request": request}
        if request.method in SAFE_METHODS:
            files = files_on("document", self.record_or_404(pk).pk)
            return Response({"results": FileSerializer(files, many=True, context=context).data})
        document = self.record_or_404(pk, Action.CHANGE)
        asked = VersionRequest(data=request.data)
        asked.is_valid(raise_exception=True)

        def work() -> Response:
            update_document(
                actor=request.user, document=document, changes={"upload": asked.validated_data["file"]}
            )
            newest = files_on("document", document.pk, 1)[0]
            return Response(FileSerializer(newest, context=context).data, status.HTTP_201_CREATED)

        return once(request, work)

    @extend_schema(methods=["GET"], responses=LinkSerializer(many=True), filters=False)
    @extend_schema(methods=["POST"], request=LinkRequest, responses={201: LinkSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=Results)
    def links(self, request: Request, pk: str) -> Response:
        """The records it belongs to that the caller may see; POST adds one, which the caller may change."""
        document = self.record_or_404(pk)
        if request.method in SAFE_METHODS:
            found: Any = linked_records(document, request.user)
            return Response({"results": LinkSerializer(found, many=True).data})
        asked = LinkRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        record = record_of(request.user, **asked.validated_data)

        def work() -> Response:
            link = link_document(actor=request.user, document=document, record=record)
            shown = LinkSerializer(LinkedRecord(link, record, "", "")).data
            return Response(shown, status.HTTP_201_CREATED)

        return once(request, work)

    @extend_schema(responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"links/(?P<row_pk>[0-9]{1,18})")
    def link(self, request: Request, pk: str, row_pk: str) -> Response:
        """Take it off a record; it stays in the library."""
        document = self.record_or_404(pk)
        row = DocumentLink.objects.filter(document=document, pk=row_pk).first()
        if row is None:
            raise Http404
        record = record_of(request.user, row.record_type, row.object_id)
        unlink_document(actor=request.user, document=document, record=record)
        return Response(status=status.HTTP_204_NO_CONTENT)
