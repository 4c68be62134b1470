"""Jobs in the API: what runs for the caller, how far it is, and stopping it."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.problems import Problem
from core.api.views import Acting
from core.models import Job
from core.paging import BadCursor, count_of, keyset_page
from core.services.jobs import cancel_job


class JobSerializer(serializers.ModelSerializer[Job]):
    title = serializers.CharField(source="__str__", read_only=True)
    error = serializers.CharField(source="why", read_only=True)
    percent = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Job
        fields: ClassVar = [
            "id",
            "kind",
            "title",
            "state",
            "done",
            "total",
            "percent",
            "message",
            "error",
            "result",
            "created_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields = fields


class JobRecords(Acting):
    """One's own jobs, newest first."""

    queryset = Job.objects.none()
    serializer_class = JobSerializer

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Job.objects.visible_to(self.request.user)
        return rows

    def list(self, request: Request) -> Response:
        rows = self.get_queryset()
        try:
            page = keyset_page(rows, ("pk",), descending=True, cursor=request.query_params.get("cursor", ""))
        except BadCursor:
            raise Problem(400, "Use the “next” of the page before.") from None
        found = {job.pk: job for job in Job.objects.filter(pk__in=page.ids)}
        count, exact = count_of(rows)
        data = self.get_serializer([found[pk] for pk in page.ids], many=True).data
        return Response({"results": data, "next": page.next, "count": count, "count_is_exact": exact})

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Ask the job to stop; answers how it is now."""
        job = self.get_object()
        cancel_job(actor=request.user, job=job)
        job.refresh_from_db()
        return Response(self.get_serializer(job).data)
