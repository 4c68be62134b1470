"""Suggested values in the API: listed, taken over, refused; and a company's own site looked at."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.enums import SuggestionState
from contacts.models import ValueSource
from contacts.selectors.enrichment import suggestions_for
from contacts.services.enrichment import accept, dismiss, start_look_up
from core.api.jobs import JobSerializer
from core.api.references import Reference
from core.api.rows import PAGING, Rows, record_of
from core.enums import Action

STATE = OpenApiParameter(
    "state", OpenApiTypes.STR, enum=SuggestionState.values, description="default: `suggested`"
)
RECORD = [
    OpenApiParameter("contact", OpenApiTypes.INT, description="only those of this person"),
    OpenApiParameter("company", OpenApiTypes.INT, description="only those of this company"),
]


class SuggestionSerializer(serializers.ModelSerializer[ValueSource]):
    """A value found for a field of a contact or company: where, how sure (in percent), what became of it."""

    contact = Reference(read_only=True, allow_null=True)
    company = Reference(read_only=True, allow_null=True)
    decided_by = Reference(read_only=True, allow_null=True)

    class Meta:
        model = ValueSource
        fields: ClassVar = [
            "id", "contact", "company", "field", "value", "source", "detail", "confidence", "found_at", "state",
            "decided_by", "decided_at",
        ]  # fmt: skip
        read_only_fields = fields


@extend_schema_view(list=extend_schema(parameters=[STATE, *RECORD, *PAGING]))
class SuggestionRecords(Rows):
    """Values found for records that the caller may see, the newest first. Nothing is written before somebody
    who may change the record takes it over."""

    queryset = ValueSource.objects.none()
    serializer_class = SuggestionSerializer

    def list(self, request: Request) -> Response:
        rows, params = suggestions_for(request.user), request.query_params
        for kind in ("contact", "company"):
            if kind in params:
                rows = rows.filter(**{kind: record_of(request.user, kind, params[kind])})
        state = params.get("state", SuggestionState.SUGGESTED)
        return self.page(rows.filter(state=state), descending=True, load=self._loaded)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.shown(self.one(pk))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Write the value into the record; a field that was filled since is left alone (400)."""
        accept(actor=request.user, suggestion=self.one(pk))
        return self.shown(self._decided(pk))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Refuse the value; it is not suggested again."""
        dismiss(actor=request.user, suggestion=self.one(pk))
        return self.shown(self._decided(pk))

    def one(self, pk: str) -> ValueSource:
        """The suggestion on a record that the caller may see; 404 otherwise."""
        row: ValueSource | None = self._joined(suggestions_for(self.request.user)).filter(pk=pk).first()
        if row is None:
            raise Http404
        return row

    def _decided(self, pk: str) -> ValueSource:
        decided: ValueSource = self._joined(ValueSource.objects.all()).get(pk=pk)
        return decided

    def _loaded(self, ids: Any) -> Any:
        return self._joined(ValueSource.objects.filter(pk__in=ids))

    def _joined(self, rows: QuerySet[ValueSource]) -> QuerySet[ValueSource]:
        return rows.select_related("contact", "company", "decided_by")


class LooksAtSites:
    """Adds `POST …/{id}/look-up/` to the resource of companies."""

    record_or_404: Any

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"], url_path="look-up")
    def look_up(self, request: Request, pk: str) -> Response:
        """Read the company's own site for suggestions, where the installation allows it."""
        job = start_look_up(actor=request.user, company=self.record_or_404(pk, Action.CHANGE))
        return Response(JobSerializer(job).data, status.HTTP_202_ACCEPTED)
