"""The base of every API resource: the same scope, filters and services as the pages."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.problems import Problem
from core.api.schema import KeysetPages
from core.conditions.filters import filterset_for
from core.custom_fields.api import CustomObject
from core.enums import Action
from core.history.context import acting
from core.models import CustomValues, IdempotencyKey
from core.paging import BadCursor, listing
from core.registries import aliases
from core.registries import custom_fields as hosts
from core.scope.access import profile_for
from core.services.base import state_of

MAX_PAGE_SIZE = 200
LIST_PAGE_ONLY = ("sort", "columns", "view", "layout", "format", "peek")
LIST_PARAMETERS = [
    OpenApiParameter("cursor", OpenApiTypes.STR, description="`next` of the page before"),
    OpenApiParameter("page_size", OpenApiTypes.INT, description=f"1 to {MAX_PAGE_SIZE}, default 50"),
    OpenApiParameter("where", OpenApiTypes.STR, description="a condition tree as JSON"),
]


class Strict:
    """A serializer that refuses what it has no field to write for, instead of passing over it."""

    fields: Any

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            wrong = set(data) - writable
            if wrong:
                text = _("There is no such field to write.")
                raise serializers.ValidationError({name: [text] for name in sorted(wrong)})
        return super().to_internal_value(data)  # type: ignore[misc]


@extend_schema_field(OpenApiTypes.INT64)
class RowVersion(serializers.Field[Any, Any, Any, Any]):
    """Which state of the row this is, for `If-Match: "…"` when it is changed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "read_only": True, "source": "*"})

    def to_representation(self, value: Any) -> int | None:
        return state_of(value)


class RequestSerializer(Strict, serializers.Serializer[Any]):
    """The body of a request that is no record."""


class RecordSerializer(Strict, serializers.ModelSerializer[Any]):
    """Leaves out the fields that the caller's role hides and refuses those it may not write."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        model: Any = self.Meta.model
        if issubclass(model, CustomValues) and hosts.get(model.record_type) is not None:
            fields["custom"] = CustomObject(model.record_type)
        request = self.context.get("request")
        if request is None or not request.user.is_authenticated:
            return fields
        profile, record_type = profile_for(request.user), model.record_type
        for name in profile.hidden_fields(record_type):
            fields.pop(name, None)
        for name in profile.read_only_fields(record_type):
            if name in fields:
                fields[name].read_only = True
        return fields

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        custom = self.fields.get("custom")
        if self.instance is None and isinstance(custom, CustomObject) and (nothing := custom.nothing()):
            values["custom"] = {**nothing, **values.get("custom", {})}
        return values


class Acting(viewsets.GenericViewSet[Any]):
    """Writes are recorded under the caller, and the token where there is one."""

    lookup_value_regex = r"[0-9]{1,18}"
    pagination_class: Any = KeysetPages

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with acting(None, cause="api"):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._acting = acting(request.user, cause=f"api:{request.auth.pk}" if request.auth else "api")
        self._acting.__enter__()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        scope = self.__dict__.pop("_acting", None)
        if scope is not None:
            scope.__exit__(None, None, None)
        return super().finalize_response(request, response, *args, **kwargs)

    def page_size(self, request: Request) -> int:
        text = request.query_params.get("page_size", "50")
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_PAGE_SIZE:
            raise bad_request({"page_size": [_("Use a number from 1 to 200.")]})
        return int(text)


class ReadOnlyRecords(Acting):
    """`GET /things/` (keyset pages) and `GET /things/{id}/` (with ETag), in the caller's scope."""

    record_type: ClassVar[str]
    model: ClassVar[type[Model]]
    order: ClassVar[tuple[str, ...]] = ("pk",)
    descending: ClassVar[bool] = False
    searchable: ClassVar[bool] = False
    """Whether `?q=` searches as the list page does: by `search`."""

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """The rows that the words find."""
        return rows

    def rows(self, action: Action = Action.VIEW) -> QuerySet[Any]:
        """The rows in scope; 403 when the role lacks the capability altogether."""
        self._require(action)
        return self.model.objects.visible_to(self.request.user, action)  # type: ignore[attr-defined, no-any-return]

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Add the joins that the serializer reads; called with the page's rows only."""
        return queryset

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.rows()

    @extend_schema(parameters=LIST_PARAMETERS)
    def list(self, request: Request) -> Response:
        queryset, narrowed = self.filtered(request)
        try:
            found = listing(
                queryset,
                self.order,
                narrowed=narrowed,
                descending=self.descending,
                cursor=request.query_params.get("cursor", ""),
                size=self.page_size(request),
            )
        except BadCursor:
            raise bad_request({"cursor": [_("Use the “next” of the page before.")]}) from None
        records = {row.pk: row for row in self.joined(self.model._base_manager.filter(pk__in=found.page.ids))}
        rows = self.get_serializer([records[pk] for pk in found.page.ids if pk in records], many=True).data
        return Response(
            {
                "results": rows,
                "next": found.page.next,
                "count": found.count,
                "count_is_exact": found.count_is_exact,
            }
        )

    def filtered(self, request: Request) -> tuple[QuerySet[Any], bool]:
        """The rows in scope under the filters of the address, and whether these leave out some. What is no
        filter here is refused: a list must not silently hold more than was asked for."""
        filters = filterset_for(self.record_type)(request.query_params, self.rows(), user=request.user)
        text = request.query_params.get("q", "").strip()[:200]
        unused = [*LIST_PAGE_ONLY, *([] if self.searchable else ["q"])]
        unknown = [*filters.unknown(), *(name for name in unused if name in request.query_params)]
        if unknown:
            raise bad_request({name: [_("There is no such filter.")] for name in unknown})
        queryset = filters.qs
        if filters.problems:
            raise bad_request({name: [text] for name, text in filters.problems.items()})
        if text:
            queryset = self.search(queryset, text)
        return queryset, bool(text or filters.leaves() or request.query_params.get("where"))

    def retrieve(self, request: Request, pk: str) -> Response:
        record = self.record_or_404(pk)
        return Response(self.get_serializer(record).data, headers=_etag(record))

    def record_or_404(self, pk: str, action: Action = Action.VIEW) -> Any:
        """The record if it may be seen (else 404) and `action` be done with it (else 403)."""
        seen = self.joined(self.rows(Action.VIEW)).filter(pk=pk).first()
        if seen is None:
            raise aliases.missing(self.record_type, int(pk), self.rows(Action.VIEW))
        if action != Action.VIEW and not self.rows(action).filter(pk=pk).exists():
            raise Problem(status.HTTP_403_FORBIDDEN, _("Your role does not allow this for this record."))
        return seen

    def _require(self, action: Action) -> None:
        if not profile_for(self.request.user).allows(self.record_type, action):
            raise Problem(status.HTTP_403_FORBIDDEN, _("Your role does not allow this."))


class Records(ReadOnlyRecords):
    """Adds POST, PATCH and DELETE. Subclasses say which service does the writing.

    PATCH and DELETE obey `If-Match` (412 when the version has moved on); POST obeys `Idempotency-Key`.
    """

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Any:
        """Create by a service and return the record."""
        raise Problem(status.HTTP_405_METHOD_NOT_ALLOWED, _("These can't be created by the API."))

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        """Change by a service and return the record."""
        raise Problem(status.HTTP_405_METHOD_NOT_ALLOWED, _("These can't be changed by the API."))

    def perform_delete_with(self, actor: Any, record: Any) -> None:
        from core.services.trash import delete_record

        delete_record(actor=actor, record=record)

    def create(self, request: Request) -> Response:
        self._require(Action.ADD)
        return once(request, lambda: self._create(request))

    def _create(self, request: Request) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        record = self.perform_create_with(request.user, dict(serializer.validated_data))
        record = self.joined(self.model._base_manager.filter(pk=record.pk)).get()
        return Response(self.get_serializer(record).data, status.HTTP_201_CREATED, headers=_etag(record))

    def partial_update(self, request: Request, pk: str) -> Response:
        record = self.record_or_404(pk, Action.CHANGE)
        expected = expected_version(request)
        serializer = self.get_serializer(record, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        self.perform_update_with(request.user, record, dict(serializer.validated_data), expected)
        record = self.joined(self.model._base_manager.filter(pk=record.pk)).get()
        return Response(self.get_serializer(record).data, headers=_etag(record))

    def destroy(self, request: Request, pk: str) -> Response:
        record = self.record_or_404(pk, Action.DELETE)
        check_match(request, record)
        self.perform_delete_with(request.user, record)
        return Response(status=status.HTTP_204_NO_CONTENT)


def once(request: Request, work: Callable[[], Response]) -> Response:
    """Do `work` once for each (person, Idempotency-Key) and repeat its answer afterwards.

    Work and key commit together. The same key with another body is 422; at the same time, 409.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return work()
    if len(key) > 200:
        raise Problem(status.HTTP_400_BAD_REQUEST, _("Use an Idempotency-Key of at most 200 characters."))
    digest = hashlib.sha256(
        json.dumps([request.method, request.path, request.data], sort_keys=True, default=_words).encode()
    ).hexdigest()
    user: Any = request.user
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(user=user, key=key, request_digest=digest)
            response = work()
            row.status, row.body = response.status_code, json.loads(json.dumps(response.data, default=str))
            row.headers = {"ETag": response["ETag"]} if response.has_header("ETag") else {}
            row.save(update_fields=["status", "body", "headers"])
            return response
    except IntegrityError as error:
        if "core_idempotencykey_once" not in str(error):
            raise
    earlier = IdempotencyKey.objects.get(user=user, key=key)
    if earlier.request_digest != digest:
        raise Problem(
            status.HTTP_422_UNPROCESSABLE_ENTITY, _("This Idempotency-Key was used for another request.")
        )
    return Response(earlier.body, earlier.status, headers={**earlier.headers, "Idempotency-Replayed": "true"})


def _words(value: Any) -> str:
    """What of a body is no JSON: of a file its bytes count, not its name alone."""
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return f"{value.name} {digest.hexdigest()}"


def etag_of(row: Any) -> str:
    """What `ETag` says of a row: its version, or for rows without one when it was last written."""
    state = state_of(row)
    return f'"{state}"' if state is not None else ""


def check_match(request: Request, row: Any) -> None:
    """Obey `If-Match`: 412 when the row is no longer the one that was read."""
    text = request.headers.get("If-Match", "").strip()
    if text and text != "*" and text.removeprefix("W/") != etag_of(row):
        raise Problem(status.HTTP_412_PRECONDITION_FAILED, _("The record has changed."))


def _etag(record: Any) -> dict[str, str]:
    text = etag_of(record)
    return {"ETag": text} if text else {}


def expected_version(request: Request) -> int | None:
    """The version that `If-Match` names; None without one. Raises 412 for what is no version of ours."""
    text = request.headers.get("If-Match", "").strip()
    if not text or text == "*":
        return None
    number = text.removeprefix("W/").strip('"')
    if not number.isascii() or not number.isdigit():
        raise Problem(status.HTTP_412_PRECONDITION_FAILED, _("The record has changed."))
    return int(number)


def bad_request(errors: dict[str, list[str]]) -> Problem:
    return Problem(status.HTTP_400_BAD_REQUEST, _("Some values can't be used."), errors=errors)
