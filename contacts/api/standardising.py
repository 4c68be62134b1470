"""Standardising in the API: searched for, looked at, chosen, applied, undone; one's own runs."""

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.models import StandardChange, StandardisingRun
from contacts.selectors.standardising import changes_of
from contacts.services.standardising import choose, start_applying, start_standardising, start_undoing
from contacts.standardising.rules import RULES
from core.api.jobs import JobSerializer
from core.api.references import Reference
from core.api.rows import PAGING, Rows
from core.api.schema import Results
from core.api.views import RequestSerializer, once
from core.enums import Action

MOST = 1000


class RunSerializer(serializers.ModelSerializer[StandardisingRun]):
    """A standardising: what it looks for, how far it is, and its jobs. `state` goes finding → found →
    applying → applied → undone."""

    find_job = JobSerializer(read_only=True, allow_null=True)
    apply_job = JobSerializer(read_only=True, allow_null=True)
    undo_job = JobSerializer(read_only=True, allow_null=True)

    class Meta:
        model = StandardisingRun
        fields: ClassVar = [
            "id", "rules", "state", "found", "capped", "applied", "find_job", "apply_job", "undo_job",
            "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class RunRequest(RequestSerializer):
    """What to look for."""

    rules = serializers.ListField(child=serializers.CharField(max_length=20), min_length=1, max_length=50)


class ChoiceRequest(RequestSerializer):
    """Changes (by their ids) that are wanted, and that are not; the others stay as they are."""

    wanted = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, default=[], max_length=MOST
    )
    unwanted = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, default=[], max_length=MOST
    )


class ChangeSerializer(serializers.ModelSerializer[StandardChange]):
    """A value before and after. `outcome` is empty until it was written, or left because it had changed."""

    contact = Reference(read_only=True, allow_null=True)
    company = Reference(read_only=True, allow_null=True)

    class Meta:
        model = StandardChange
        fields: ClassVar = [
            "id", "contact", "company", "rule", "field", "before", "after", "chosen", "outcome",
        ]  # fmt: skip
        read_only_fields = fields


class StandardisingRuleSerializer(serializers.Serializer[Any]):
    """Something that can be standardised."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    example = serializers.CharField()


@extend_schema_view(
    list=extend_schema(parameters=PAGING),
    create=extend_schema(
        request=RunRequest,
        responses={201: RunSerializer},
        examples=[OpenApiExample("Numbers and names", {"rules": ["phones", "names"]}, request_only=True)],
    ),
)
class StandardisingRecords(Rows):
    """One's own standardisings, the newest first. Only records that one may change are looked at."""

    queryset = StandardisingRun.objects.none()
    serializer_class = RunSerializer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.require("quality", Action.ADD)

    def list(self, request: Request) -> Response:
        rows = StandardisingRun.objects.visible_to(request.user)
        return self.page(rows.select_related("find_job", "apply_job", "undo_job"), descending=True)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.shown(self.one(pk))

    def create(self, request: Request) -> Response:
        """Start a search, as a job; nothing is written to records."""
        rules = self.cleaned(RunRequest)["rules"]

        def work() -> Response:
            run = start_standardising(actor=request.user, rules=rules)
            return self.shown(run, status.HTTP_201_CREATED)

        return once(request, work)

    @extend_schema(responses=StandardisingRuleSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=Results)
    def rules(self, request: Request) -> Response:
        """What can be looked for."""
        return Response({"results": StandardisingRuleSerializer(RULES, many=True).data})

    @extend_schema(parameters=PAGING, responses=ChangeSerializer(many=True))
    @action(detail=True, methods=["get"], serializer_class=ChangeSerializer)
    def changes(self, request: Request, pk: str) -> Response:
        """The values found, of records that the caller may see."""
        rows = changes_of(self.one(pk), request.user)
        return self.page(rows.select_related("contact", "company"))

    @extend_schema(request=ChoiceRequest)
    @action(detail=True, methods=["post"])
    def choose(self, request: Request, pk: str) -> Response:
        """Say which values are wanted; at first all are."""
        run, asked = self.one(pk), self.cleaned(ChoiceRequest)
        shown = [*asked["wanted"], *asked["unwanted"]]
        seen = list(changes_of(run, request.user).filter(pk__in=shown).values_list("pk", flat=True))
        choose(actor=request.user, run=run, shown=seen, chosen=asked["wanted"])
        return self.shown(self.one(pk))

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Write the chosen values, as a job."""
        job = start_applying(actor=request.user, run=self.one(pk))
        return Response(JobSerializer(job).data, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Put back what was there, where nobody has changed it since."""
        job = start_undoing(actor=request.user, run=self.one(pk))
        return Response(JobSerializer(job).data, status.HTTP_202_ACCEPTED)

    def one(self, pk: str) -> StandardisingRun:
        """One's own run; 404 otherwise."""
        rows = StandardisingRun.objects.visible_to(self.request.user)
        run: StandardisingRun | None = (
            rows.select_related("find_job", "apply_job", "undo_job").filter(pk=pk).first()
        )
        if run is None:
            raise Http404
        return run
