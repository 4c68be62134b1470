"""Imports and exports in the API: a file taken in, mapped, tried, run, paused, undone; mappings; exports."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.jobs import JobSerializer
from core.api.problems import Problem
from core.api.views import Acting
from core.enums import ImportRowFate
from core.exporting.writing import FORMATS
from core.importing.layouts import AUTO, formats
from core.importing.ledger import noted_lines
from core.importing.problems import FileProblem
from core.importing.targets import ImportField
from core.models import ImportBatch, ImportMapping, ImportRow, Job
from core.paging import BadCursor, count_of, keyset_page
from core.registries import imports
from core.scope.access import profile_for
from core.selectors.import_mappings import mappings_for
from core.selectors.imports import NOTED, batches_of
from core.services.import_mappings import apply_mapping, change_mapping, delete_mapping, save_mapping
from core.services.imports import create_import, map_import, mend_import, start_import, start_undo
from core.services.jobs import cancel_job, pause_job, resume_job

FILE = {200: OpenApiResponse(OpenApiTypes.BINARY)}


class ImportSerializer(serializers.ModelSerializer[ImportBatch]):
    """An import: what it reads and fills, how it is mapped, its job, and in the end its lines by fate."""

    header = serializers.JSONField(source="options.header", read_only=True)
    preview = serializers.SerializerMethodField()
    job = JobSerializer(read_only=True, allow_null=True)

    class Meta:
        model = ImportBatch
        fields: ClassVar = [
            "id", "target", "file_name", "size", "encoding", "delimiter", "header", "mapping", "preview", "job",
            "counts", "corrects", "created_at", "finished_at", "undone_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_preview(self, batch: ImportBatch) -> dict[str, Any] | None:
        found = batch.options.get("preview")
        return {key: found[key] for key in ("fates", "changed")} if found else None


class UploadSerializer(serializers.Serializer[Any]):
    """A file to import."""

    file = serializers.FileField()
    target = serializers.CharField(required=False, default="", allow_blank=True)
    format = serializers.CharField(required=False, default=AUTO)
    encoding = serializers.CharField(required=False, default="", allow_blank=True)
    delimiter = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=1, trim_whitespace=False
    )
    corrects = serializers.IntegerField(required=False, help_text="the import whose failed lines are mended")

    def validate_format(self, value: str) -> str:
        if value not in formats():
            raise serializers.ValidationError(
                _("Choose one of: %(known)s.") % {"known": ", ".join(formats())}
            )
        return value


class MappingSerializer(serializers.Serializer[Any]):
    """A mapping: parts not given stay. `saved` uses one that was kept."""

    columns = serializers.DictField(child=serializers.CharField(), required=False)
    mode = serializers.CharField(required=False)
    rule = serializers.CharField(required=False)
    rules = serializers.DictField(child=serializers.CharField(), required=False)
    style = serializers.DictField(child=serializers.CharField(), required=False)  # type: ignore[assignment]
    styles = serializers.DictField(required=False)
    namespace = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=20,
        help_text="the program whose external ids the file holds",
    )
    constants = serializers.DictField(
        required=False, help_text="values of fields for all lines that bring none of their own"
    )
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    decisions = serializers.DictField(required=False)
    saved = serializers.IntegerField(required=False)


class LineSerializer(serializers.ModelSerializer[ImportRow]):
    """The fate of a line, or in a trial what it would be."""

    changes = serializers.SerializerMethodField()

    class Meta:
        model = ImportRow
        fields: ClassVar = ["line", "fate", "object_id", "problems", "review", "original_line", "changes"]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_changes(self, row: ImportRow) -> list[list[Any]]:
        """`[field, before, after]` of what a trial would change."""
        shown = self.context.get("fields", ())
        found = (row.values or {}).get("changes", []) if isinstance(row.values, dict) else []
        return [change for change in found if change[0].removesuffix("_id") in shown]


class Importing(Acting):
    """Of people who may import; a problem says by field what is wrong."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not profile_for(request.user).can("run_imports"):
            raise Problem(status.HTTP_403_FORBIDDEN, _("Your role does not allow this."))

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, FileProblem):
            exc = Problem(status.HTTP_400_BAD_REQUEST, str(exc), errors={"file": [str(exc)]})
        elif isinstance(exc, ValidationError):
            errors = exc.message_dict if hasattr(exc, "error_dict") else {}
            exc = Problem(status.HTTP_400_BAD_REQUEST, " ".join(exc.messages), errors=errors)
        response: Response = super().handle_exception(exc)
        return response

    def page(self, rows: QuerySet[Any], *, descending: bool = True) -> Response:
        cursor = self.request.query_params.get("cursor", "")
        try:
            page = keyset_page(rows, ("pk",), descending=descending, cursor=cursor)
        except BadCursor:
            raise Problem(400, _("Use the “next” of the page before.")) from None
        found = {row.pk: row for row in rows.filter(pk__in=page.ids)}
        count, exact = count_of(rows)
        data = self.get_serializer([found[pk] for pk in page.ids if pk in found], many=True).data
        return Response({"results": data, "next": page.next, "count": count, "count_is_exact": exact})


class ImportRecords(Importing):
    """One's own imports."""

    queryset = ImportBatch.objects.none()
    serializer_class = ImportSerializer
    parser_classes = (MultiPartParser, JSONParser)

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = batches_of(self.request.user)
        return rows

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "fields": getattr(self, "fields", ())}

    def answer(self, batch: ImportBatch, code: int = 200) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=batch.pk)).data, code)

    def list(self, request: Request) -> Response:
        return self.page(self.get_queryset())

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.answer(self.get_object())

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: ImportSerializer})
    def create(self, request: Request) -> Response:
        """Take a file in; its kind, encoding and mapping are guessed where they are not given."""
        upload = UploadSerializer(data=request.data)
        upload.is_valid(raise_exception=True)
        given = upload.validated_data
        file = given["file"]
        common = {"actor": request.user, "stream": file.file, "name": file.name, "size": file.size}
        if given.get("corrects"):
            batch = mend_import(batch=self._own(given["corrects"]), **common)
        else:
            words = {key: given[key] for key in ("target", "encoding", "delimiter")}
            batch = create_import(**words, source=given["format"], **common)
        return self.answer(batch, status.HTTP_201_CREATED)

    def _own(self, pk: int) -> ImportBatch:
        batch: ImportBatch | None = self.get_queryset().filter(pk=pk).first()
        if batch is None:
            raise Problem(
                400, _("There is no such import."), errors={"corrects": [_("There is no such import.")]}
            )
        return batch

    @extend_schema(request=MappingSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the mapping."""
        batch = self.get_object()
        wanted = MappingSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        unknown = set(request.data) - set(wanted.fields)
        if unknown:
            text = _("There is no such field to write.")
            raise Problem(400, text, errors={name: [text] for name in sorted(unknown)})
        mapping = dict(wanted.validated_data)
        if "saved" in mapping:
            saved = mappings_for(request.user, batch.target).filter(pk=mapping.pop("saved")).first()
            if saved is None:
                raise Problem(
                    400, _("There is no such mapping."), errors={"saved": [_("There is no such mapping.")]}
                )
            apply_mapping(actor=request.user, batch=batch, saved=saved)
        map_import(actor=request.user, batch=batch, mapping=mapping)
        return self.answer(batch)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, pk: str) -> Response:
        """Try it: a job that writes nothing; `preview` of the import tells what would happen."""
        job = start_import(actor=request.user, batch=self.get_object(), dry_run=True)
        return Response(JobSerializer(job).data, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Run it, once."""
        job = start_import(actor=request.user, batch=self.get_object())
        return Response(JobSerializer(job).data, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Let it wait at its next step."""
        batch = self.get_object()
        pause_job(actor=request.user, job=_job_of(batch))
        return self.answer(batch)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Let a paused one go on."""
        batch = self.get_object()
        resume_job(actor=request.user, job=_job_of(batch))
        return self.answer(batch)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Stop it; what was written stays until it is undone."""
        batch = self.get_object()
        cancel_job(actor=request.user, job=_job_of(batch))
        return self.answer(batch)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take it back, but for what people have changed since."""
        job = start_undo(actor=request.user, batch=self.get_object())
        return Response(JobSerializer(job).data, status.HTTP_202_ACCEPTED)

    @extend_schema(responses=LineSerializer(many=True))
    @action(detail=True, methods=["get"], serializer_class=LineSerializer)
    def lines(self, request: Request, pk: str) -> Response:
        """The fates of the lines, in order; `?fate=failed` those of one, `?fate=noted` those that did not fail and of
        which something is told."""
        batch = self.get_object()
        self.fields = {item.key for item in visible_fields_of(request.user, batch)}
        rows = ImportRow.objects.filter(batch=batch)
        fate = request.query_params.get("fate", "")
        if fate == NOTED:
            return self.page(noted_lines(batch), descending=False)
        if fate and fate not in ImportRowFate.values:
            raise Problem(400, _("There is no such fate."), errors={"fate": [_("There is no such fate.")]})
        return self.page(rows.filter(fate=fate) if fate else rows, descending=False)

    @extend_schema(responses=FILE)
    @action(detail=True, methods=["get"])
    def errors(self, request: Request, pk: str) -> FileResponse:
        """The failed lines as a CSV to mend."""
        batch = self.get_object()
        if not batch.error_file:
            raise Http404
        return file_answer(batch.error_file.open("rb"), f"errors-{batch.pk}.csv", FORMATS["csv"])

    @extend_schema(responses=FILE)
    @action(detail=True, methods=["get"])
    def kept(self, request: Request, pk: str) -> FileResponse:
        """What undoing left alone, as a CSV."""
        batch = self.get_object()
        if not batch.kept_file:
            raise Http404
        return file_answer(batch.kept_file.open("rb"), f"kept-{batch.pk}.csv", FORMATS["csv"])


def visible_fields_of(user: Any, batch: ImportBatch) -> list[ImportField]:
    """The target's fields that the person may write."""
    target = imports.get(batch.target)
    return target.visible_fields(profile_for(user)) if target is not None else []


def _job_of(batch: ImportBatch) -> Job:
    if batch.job is None:
        raise Problem(status.HTTP_409_CONFLICT, _("This import has not begun."))
    return batch.job


def file_answer(stream: Any, name: str, kind: str) -> FileResponse:
    return FileResponse(stream, as_attachment=True, filename=name, content_type=kind)


class KeptMappingSerializer(serializers.ModelSerializer[ImportMapping]):
    """A mapping under a name."""

    class Meta:
        model = ImportMapping
        fields: ClassVar = ["id", "target", "name", "mapping", "shared", "created_at"]
        read_only_fields: ClassVar = ["id", "created_at"]
        extra_kwargs: ClassVar = {"mapping": {"required": True}}


class MappingChangeSerializer(serializers.Serializer[Any]):
    """What can be changed of a mapping."""

    name = serializers.CharField(required=False, max_length=80)
    shared = serializers.BooleanField(required=False)


class MappingRecords(Importing):
    """Mappings that the caller may use: one's own and shared ones."""

    queryset = ImportMapping.objects.none()
    serializer_class = KeptMappingSerializer

    def get_queryset(self) -> QuerySet[Any]:
        return mappings_for(self.request.user, self.request.query_params.get("target", "")).order_by()

    def list(self, request: Request) -> Response:
        return self.page(self.get_queryset())

    def create(self, request: Request) -> Response:
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        saved = save_mapping(actor=request.user, **wanted.validated_data)
        return Response(self.get_serializer(saved).data, status.HTTP_201_CREATED)

    @extend_schema(request=MappingChangeSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Rename or share it: its owner only."""
        wanted = MappingChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        unknown = set(request.data) - set(wanted.fields)
        if unknown:
            text = _("There is no such field to write.")
            raise Problem(400, text, errors={name: [text] for name in sorted(unknown)})
        saved = change_mapping(actor=request.user, saved=self.get_object(), **wanted.validated_data)
        return Response(self.get_serializer(saved).data)

    def destroy(self, request: Request, pk: str) -> Response:
        delete_mapping(actor=request.user, saved=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
