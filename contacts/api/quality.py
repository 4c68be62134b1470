"""Data quality in the API: the figures with the lists behind them, targets, and counting anew."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.models import QualityTarget
from contacts.selectors.quality import (
    EVERYTHING,
    GroupLine,
    Part,
    QualityPage,
    quality_of,
)
from contacts.services.quality import set_target, start_audit, start_measuring
from core.api.jobs import JobSerializer
from core.api.router import rows_url
from core.api.rows import Rows
from core.api.views import RequestSerializer, bad_request
from core.conditions.rows_links import RowsLink
from core.enums import Action
from core.registries import quality
from core.scope.access import profile_for

TYPE = OpenApiParameter(
    "record_type",
    OpenApiTypes.STR,
    description="`contact` (default) or `company`",
    enum=["contact", "company"],
)
TEAM = OpenApiParameter("team", OpenApiTypes.STR, description="the figures of one team: its id, or `none`")
SOURCE = OpenApiParameter("source", OpenApiTypes.STR, description="the figures of one source")
EXAMPLE = {
    "record_type": "contact", "day": "2026-03-02",
    "measures": [
        {
            "key": "email", "label": "E-mail address", "dimension": "completeness", "records": 300, "flawed": 30,
            "share": 0.9, "target": 95, "met": False, "trend": [{"day": "2026-03-02", "share": 0.9}],
            "rows": {"url": "/contacts/?email__empty=1", "api_url": "/api/v1/contacts/?email__empty=1"},
        }
    ],
    "dimensions": [{"key": "completeness", "records": 300, "flawed": 30, "share": 0.9}],
    "teams": [
        {
            "label": "North", "records": 120, "flawed": 9, "shares": {"completeness": 0.92},
            "rows": {"url": "/contacts/?team=3", "api_url": "/api/v1/contacts/?team=3"},
        }
    ],
    "sources": [],
}  # fmt: skip


class Share(serializers.FloatField):
    """A part of 1, in four places."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_null": True, **kwargs})

    def to_representation(self, value: Any) -> Any:
        return None if value is None else round(float(value), 4)


class TargetRequest(RequestSerializer):
    """Which share of sound records, in percent, is wanted of a measure."""

    record_type = serializers.CharField(max_length=40)
    measure = serializers.CharField(max_length=60)
    percent = serializers.IntegerField(min_value=0, max_value=100)


class MeasuringSerializer(serializers.Serializer[Any]):
    """The job that counts; null where somebody else's is counting already."""

    job = JobSerializer(allow_null=True)


class BehindSerializer(serializers.Serializer[Any]):
    """The list behind a figure, as a page and in the API."""

    url = serializers.CharField()
    api_url = serializers.SerializerMethodField()

    def to_representation(self, instance: RowsLink) -> dict[str, Any]:
        return {"url": instance.url(), "api_url": rows_url(instance)}

    def get_api_url(self, link: RowsLink) -> str | None:
        return rows_url(link)


class FigureSerializer(serializers.Serializer[Any]):
    """How many records were counted, how many of them have the flaw, and the share of sound ones (0 to 1)."""

    records = serializers.IntegerField(source="figure.records")
    flawed = serializers.IntegerField(source="figure.flawed")
    share = Share(source="figure.share")


class TrendSerializer(serializers.Serializer[Any]):
    """The share of one day."""

    day = serializers.DateField()
    share = Share()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        day, share = instance
        return super().to_representation({"day": day, "share": share})


class MeasureSerializer(FigureSerializer):
    """One measure, with what is wanted of it (percent) and whether that is met."""

    key = serializers.CharField(source="measure.key")
    label = serializers.CharField(source="measure.label")  # type: ignore[assignment]
    dimension = serializers.CharField(source="measure.dimension")
    target = serializers.IntegerField(allow_null=True)
    met = serializers.BooleanField(allow_null=True)
    trend = TrendSerializer(many=True)
    rows = BehindSerializer(source="link")


class DimensionSerializer(FigureSerializer):
    """Several measures in one: completeness, validity, staleness, duplicates."""

    key = serializers.CharField()


class GroupSharesSerializer(serializers.Serializer[Any]):
    """A team or a source: the share of each dimension. Those that are counted together have no list."""

    label = serializers.CharField()  # type: ignore[assignment]
    records = serializers.IntegerField()
    flawed = serializers.IntegerField()
    shares = serializers.DictField(child=Share())
    rows = BehindSerializer(allow_null=True)


@extend_schema_serializer(many=False)
class QualitySerializer(serializers.Serializer[Any]):
    """The newest figures of a record type; `day` is null before the first count."""

    record_type = serializers.CharField()
    day = serializers.DateField(allow_null=True)
    measures = MeasureSerializer(many=True)
    dimensions = DimensionSerializer(many=True)
    teams = GroupSharesSerializer(many=True)
    sources = GroupSharesSerializer(many=True)


class QualityRecords(Rows):
    """How good the data is, in the caller's scope: counts of whole teams, never of single records."""

    queryset = QualityTarget.objects.none()
    serializer_class = TargetRequest
    pagination_class = None

    @extend_schema(
        parameters=[TYPE, TEAM, SOURCE],
        responses=QualitySerializer,
        examples=[OpenApiExample("One measure", EXAMPLE, response_only=True)],
    )
    def list(self, request: Request) -> Response:
        """The newest figures by measure, dimension, team and source, each with the list to mend."""
        self.require("quality", Action.VIEW)
        try:
            part = Part.asked(request.query_params.dict())
        except ValueError:
            raise bad_request({"team": [_("There is no such team.")]}) from None
        page = quality_of(request.user, self._record_type(request), part)
        if page.day is not None and part != EVERYTHING and not page.lines:
            raise Http404  # a team or source without figures, or out of sight
        return Response(QualitySerializer(_page(page)).data)

    @extend_schema(request=None, responses={202: MeasuringSerializer})
    @action(detail=False, methods=["post"])
    def measure(self, request: Request) -> Response:
        """Count everything anew."""
        job = start_measuring(actor=request.user)
        mine = job if job.owner_id == request.user.pk else None
        return Response(MeasuringSerializer({"job": mine}).data, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=False, methods=["post"])
    def audit(self, request: Request) -> Response:
        """Report to everybody what of their own records is to be mended."""
        job = start_audit(actor=request.user)
        return Response(JobSerializer(job).data, status.HTTP_202_ACCEPTED)

    @extend_schema(request=TargetRequest, responses=TargetRequest)
    @action(detail=False, methods=["put"])
    def targets(self, request: Request) -> Response:
        """Say what is wanted of a measure."""
        self.require("quality", Action.CHANGE)
        asked = self.cleaned(TargetRequest)
        known = {one.key: one for one in quality.measures_for(asked["record_type"])}
        if asked["measure"] not in known:
            raise bad_request({"measure": [_("There is no such measure.")]})
        target = set_target(actor=request.user, measure=known[asked["measure"]], percent=asked["percent"])
        return Response(TargetRequest(target).data)

    def _record_type(self, request: Request) -> str:
        profile = profile_for(request.user)
        offered = [key for key in quality.record_types() if profile.allows(key, Action.VIEW)]
        wanted = request.query_params.get("record_type", offered[0] if offered else "")
        if wanted not in offered:
            raise bad_request({"record_type": [_("There is no such record type.")]})
        return wanted


def _page(page: QualityPage) -> dict[str, Any]:
    return {
        "record_type": page.record_type,
        "day": page.day,
        "measures": page.lines,
        "dimensions": [{"key": key, "figure": figure} for key, figure in page.dimensions],
        "teams": [_group(page, line) for line in page.teams],
        "sources": [_group(page, line) for line in page.sources],
    }


def _group(page: QualityPage, line: GroupLine) -> dict[str, Any]:
    keys = [str(key) for key, _figure in page.dimensions]
    return {
        "label": line.label,
        "records": line.records,
        "flawed": line.flawed,
        "shares": dict(zip(keys, line.shares, strict=True)),
        "rows": RowsLink(page.record_type, line.part.params) if line.part is not None else None,
    }
