"""Definitions of custom fields in the API, for those who may manage them. Their values are on the records."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.jobs import JobSerializer
from core.api.rows import PAGING, Rows
from core.api.schema import IF_MATCH
from core.api.views import RequestSerializer, Strict, bad_request, expected_version, once
from core.enums import CustomKind
from core.models import CustomField
from core.registries import custom_fields as hosts
from core.services.custom_fields import (
    CAPABILITY,
    archive_custom_field,
    create_custom_field,
    preview_retype,
    restore_custom_field,
    retype_custom_field,
    update_custom_field,
)

OF_TYPE = OpenApiParameter("record_type", OpenApiTypes.STR, description="only the fields of this type")
KINDS = [(k.value, k.label) for k in CustomKind if k not in (CustomKind.FORMULA, CustomKind.LINK)]
FIXED = ("record_type", "key", "kind")
EXAMPLE = OpenApiExample(
    "A choice",
    {
        "record_type": "contact",
        "label": "Contract",
        "kind": "choice",
        "options": [{"label": "Monthly"}, {"label": "Yearly"}],
        "indexed": True,
    },
    request_only=True,
)


class OptionSerializer(serializers.Serializer[Any]):
    """Something to choose. A retired one stays where it stands and is offered no more."""

    value = serializers.CharField(required=False, max_length=60)
    label = serializers.CharField(max_length=80)  # type: ignore[assignment]
    retired = serializers.BooleanField(required=False, default=False)


class CustomFieldSerializer(Strict, serializers.ModelSerializer[CustomField]):
    """A custom field. Record type, key and kind stay as they were made; conditions are trees as in `where`."""

    options = OptionSerializer(many=True, required=False)
    kind = serializers.ChoiceField(choices=CustomKind.choices)

    class Meta:
        model = CustomField
        fields: ClassVar = [
            "id", "record_type", "key", "label", "kind", "help_text", "options", "default", "ref_type",
            "formula", "result_kind", "position", "section", "required", "visible_when", "required_when",
            "options_when", "searchable", "indexed", "personal", "index_state", "archived_at", "created_at",
            "updated_at", "version",
        ]  # fmt: skip
        read_only_fields: ClassVar = [
            "id", "result_kind", "index_state", "archived_at", "created_at", "updated_at", "version",
        ]  # fmt: skip
        extra_kwargs: ClassVar = {"key": {"required": False}}
        validators: ClassVar[list[Any]] = []


class RetypeRequest(RequestSerializer):
    """Another kind. With `dry_run` nothing is written: the answer says what would fit."""

    kind = serializers.ChoiceField(choices=KINDS)
    dry_run = serializers.BooleanField(required=False, default=False)


class RetypeAnswer(serializers.Serializer[Any]):
    """How many values there are and fit, and some that don't; the job that converts them, unless dry."""

    values = serializers.IntegerField()
    fitting = serializers.IntegerField()
    misfits = serializers.ListField(child=serializers.CharField())
    job = JobSerializer(allow_null=True)


@extend_schema_view(
    list=extend_schema(parameters=[OF_TYPE, *PAGING]), create=extend_schema(examples=[EXAMPLE])
)
class CustomFieldRecords(Rows):
    """What administrators added to record types, archived fields included."""

    queryset = CustomField.objects.none()
    serializer_class = CustomFieldSerializer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.capability(CAPABILITY)

    def rows(self) -> QuerySet[CustomField]:
        known = [host.record_type for host in hosts.all_hosts()]
        rows: QuerySet[CustomField] = CustomField.objects.filter(record_type__in=known)
        return rows.order_by()

    def list(self, request: Request) -> Response:
        rows, wanted = self.rows(), request.query_params.get("record_type", "")
        if wanted and hosts.get(wanted) is None:
            raise bad_request({"record_type": [_("This record type takes no custom fields.")]})
        return self.page(
            rows.filter(record_type=wanted) if wanted else rows, ("record_type", "position", "pk")
        )

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.shown(self.one(pk))

    def create(self, request: Request) -> Response:
        values = self.cleaned(CustomFieldSerializer)

        def work() -> Response:
            return self.shown(create_custom_field(actor=request.user, **values), status.HTTP_201_CREATED)

        return once(request, work)

    def partial_update(self, request: Request, pk: str) -> Response:
        field, expected = self.one(pk), expected_version(request)
        changes = self.cleaned(CustomFieldSerializer, partial=True)
        if fixed := [
            name for name in FIXED if changes.get(name, getattr(field, name)) != getattr(field, name)
        ]:
            raise bad_request({name: [_("This can't be changed here.")] for name in fixed})
        for name in FIXED:
            changes.pop(name, None)
        update_custom_field(actor=request.user, field=field, changes=changes, expected_version=expected)
        return self.shown(self.one(pk))

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str) -> Response:
        """Take it off every screen; the records keep its values."""
        expected = expected_version(request)
        archive_custom_field(actor=request.user, field=self.one(pk), expected_version=expected)
        return self.shown(self.one(pk))

    @extend_schema(request=None, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Bring an archived one back with its values."""
        expected = expected_version(request)
        restore_custom_field(actor=request.user, field=self.one(pk), expected_version=expected)
        return self.shown(self.one(pk))

    @extend_schema(
        request=RetypeRequest, parameters=[IF_MATCH], responses={200: RetypeAnswer, 202: RetypeAnswer}
    )
    @action(detail=True, methods=["post"])
    def retype(self, request: Request, pk: str) -> Response:
        """Give it another kind; a job converts the values, those that don't fit are kept beside it."""
        field, asked = self.one(pk), self.cleaned(RetypeRequest)
        expected = expected_version(request)
        if field.kind not in dict(KINDS) or field.kind == asked["kind"]:
            raise bad_request({"kind": [_("A field can't become this kind. Add a new one.")]})
        found = preview_retype(field, asked["kind"])

        def work() -> Response:
            job = None
            if not asked["dry_run"]:
                job = retype_custom_field(
                    actor=request.user, field=field, kind=asked["kind"], expected_version=expected
                )
            answer = {
                "values": found.values, "fitting": found.fitting, "misfits": found.misfits, "job": job,
            }  # fmt: skip
            return Response(RetypeAnswer(answer).data, 202 if job else 200)

        return once(request, work)

    def one(self, pk: str) -> CustomField:
        """The field; 404 for none."""
        field: CustomField | None = self.rows().filter(pk=pk).first()
        if field is None:
            raise Http404
        return field
