"""Files on records in the API: checked as on the pages, handed out as downloads or by a signed link."""

from typing import ClassVar

from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.references import Reference
from core.api.rows import ON_RECORD, PAGING, Rows, record_of
from core.api.views import RequestSerializer, check_match, once
from core.models import File
from core.services.file_links import signed_link
from core.services.files import attach_file, detach_file, parent_of
from core.web.downloads import as_download

BINARY = OpenApiResponse(OpenApiTypes.BINARY, description="the file, always as a download")


class FileSerializer(serializers.ModelSerializer[File]):
    """A file; `media_type` is what its bytes are. `download_url` is a link that works for ten minutes without
    a token, for the caller's rights."""

    record_type = serializers.CharField(source="attached_type", read_only=True)
    object_id = serializers.IntegerField(source="attached_id", read_only=True)
    owner = Reference(read_only=True)
    download_url = serializers.SerializerMethodField()

    class Meta:
        model = File
        fields: ClassVar = [
            "id", "record_type", "object_id", "name", "media_type", "size", "sha256", "owner", "created_at",
            "download_url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_download_url(self, file: File) -> str:
        request = self.context["request"]
        return str(request.build_absolute_uri(signed_link(file, request.user)))


class FileRequest(RequestSerializer):
    """A file for a record."""

    record_type = serializers.CharField(max_length=40)
    object_id = serializers.IntegerField(min_value=1)
    file = serializers.FileField(allow_empty_file=True, max_length=None)


@extend_schema_view(
    list=extend_schema(parameters=[*ON_RECORD, *PAGING]),
    create=extend_schema(request={"multipart/form-data": FileRequest}, responses={201: FileSerializer}),
)
class FileRecords(Rows):
    """Files of a record, the newest first. Who may see the record may see its files."""

    queryset = File.objects.none()
    serializer_class = FileSerializer
    parser_classes = (MultiPartParser,)

    def list(self, request: Request) -> Response:
        record = self.asked_record()
        rows = File.objects.filter(attached_type=record.record_type, attached_id=record.pk)
        return self.page(rows.select_related("owner"), descending=True)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.shown(self.one(pk))

    def create(self, request: Request) -> Response:
        """Keep a file. Programs, and what a browser would run, are refused."""
        asked = self.cleaned(FileRequest)
        record, upload = record_of(request.user, asked["record_type"], asked["object_id"]), asked["file"]

        def work() -> Response:
            file = attach_file(actor=request.user, record=record, name=upload.name, content=upload)
            return self.shown(file, status.HTTP_201_CREATED)

        return once(request, work)

    def destroy(self, request: Request, pk: str) -> Response:
        """Move it to the recycle bin."""
        file = self.one(pk)
        check_match(request, file)
        detach_file(actor=request.user, file=file)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={(200, "application/octet-stream"): BINARY})
    @action(detail=True, methods=["get"], pagination_class=None)
    def content(self, request: Request, pk: str) -> HttpResponseBase:
        """The bytes."""
        return as_download(self.one(pk))

    def one(self, pk: str) -> File:
        """The file of a record that the caller may see; 404 otherwise."""
        file: File | None = File.objects.select_related("owner").filter(pk=pk).first()
        if file is None or parent_of(file, self.request.user) is None:
            raise Http404
        return file
