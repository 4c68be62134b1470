"""Exports in the API: started, and their files."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.imports import FILE, file_answer
from core.api.jobs import JobSerializer
from core.api.problems import Problem
from core.api.views import Acting
from core.enums import JobState
from core.exporting.writing import ENDINGS, FORMATS
from core.models import Job
from core.services.exports import start_export


class ExportSerializer(serializers.Serializer[Any]):
    """What to export: a record type, as a file, with the filters and columns of a list's address."""

    record_type = serializers.CharField()
    format = serializers.ChoiceField(choices=list(FORMATS), default="csv")
    query = serializers.CharField(required=False, default="", allow_blank=True, max_length=4000)


class ExportRecords(Acting):
    """Exports of one's own: jobs that leave a file."""

    queryset = Job.objects.none()
    serializer_class = JobSerializer

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Job.objects.visible_to(self.request.user).filter(kind="core.export")
        return rows

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=ExportSerializer, responses={202: JobSerializer})
    def create(self, request: Request) -> Response:
        wanted = ExportSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        try:
            job = start_export(
                actor=request.user,
                record_type=data["record_type"],
                file_format=data["format"],
                query=data["query"],
            )
        except ValidationError as error:
            raise Problem(400, " ".join(error.messages)) from error
        return Response(self.get_serializer(job).data, status.HTTP_202_ACCEPTED)

    @extend_schema(responses=FILE)
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: str) -> FileResponse:
        """The finished file."""
        job = self.get_object()
        if job.state != JobState.DONE or not default_storage.exists(job.result["file"]):
            raise Http404
        kind = job.params["format"]
        name = f"{job.params['record_type']}.{ENDINGS.get(kind, kind)}"
        return file_answer(default_storage.open(job.result["file"]), name, FORMATS[kind])
