"""Where people and companies are, in the API: by town for a map, and nearest first."""

from typing import Any, ClassVar

from django.db.models import ExpressionWrapper, FloatField
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.geo.distance import circle_of, great_circle
from contacts.selectors.maps import towns_of
from core.api.nested import demand_field
from core.api.views import LIST_PARAMETERS, bad_request
from core.paging import BadCursor, count_of, keyset_page

PLACE = {"city", "country"}
NEAR = OpenApiParameter(
    "near", OpenApiTypes.STR, required=True, description="`50 km of Leeds` or `30 miles of Springfield, US`"
)
FILTERED = "Takes the filters of the list."


class TownSerializer(serializers.Serializer[Any]):
    """How many of a list are in a town."""

    city = serializers.CharField()
    country = serializers.CharField()
    count = serializers.IntegerField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()


class MapSerializer(serializers.Serializer[Any]):
    """The 500 largest towns of a list; `located` of its `count` rows are in them."""

    towns = TownSerializer(many=True)
    located = serializers.IntegerField()
    count = serializers.IntegerField()
    count_is_exact = serializers.BooleanField()


class NearSerializer(serializers.Serializer[Any]):
    """A record with its distance from the place asked about, as the crow flies."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    distance_km = serializers.FloatField()


class OnTheMap:
    """Adds `GET …/map/` and `GET …/nearby/` to a resource of people or companies."""

    record_type: ClassVar[str]
    filtered: Any
    page_size: Any

    @extend_schema(
        parameters=[LIST_PARAMETERS[2]],
        responses=MapSerializer,
        description=FILTERED,
        examples=[
            OpenApiExample(
                "A list of nine",
                {
                    "towns": [
                        {"city": "Leeds", "country": "GB", "count": 7, "latitude": 53.8, "longitude": -1.55}
                    ],
                    "located": 7,
                    "count": 9,
                    "count_is_exact": True,
                },
                response_only=True,
            )
        ],
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def map(self, request: Request) -> Response:
        """The list by town."""
        rows, _narrowed = self.filtered(request)
        demand_field(request.user, self.record_type, PLACE)
        towns, located = towns_of(rows, request.user)
        count, exact = count_of(rows)
        found = {
            "towns": towns, "located": located, "count": count, "count_is_exact": exact,
        }  # fmt: skip
        return Response(MapSerializer(found).data)

    @extend_schema(
        parameters=[NEAR, *LIST_PARAMETERS], responses=NearSerializer(many=True), description=FILTERED
    )
    @action(detail=False, methods=["get"], serializer_class=NearSerializer)
    def nearby(self, request: Request) -> Response:
        """Who is within the distance, the nearest first."""
        rows, _narrowed = self.filtered(request)
        demand_field(request.user, self.record_type, {*PLACE, "latitude", "longitude"})
        near = request.query_params.get("near", "")
        if not near:
            raise bad_request({"near": [_("Say how far from where, such as “50 km of Leeds”.")]})
        distance = ExpressionWrapper(great_circle(circle_of(near).centre), output_field=FloatField())
        rows = rows.annotate(distance_km=distance)
        cursor, size = request.query_params.get("cursor", ""), self.page_size(request)
        try:
            page = keyset_page(rows, ("distance_km", "pk"), cursor=cursor, size=size)
        except BadCursor:
            raise bad_request({"cursor": [_("Use the “next” of the page before.")]}) from None
        found = {row.pk: row for row in rows.filter(pk__in=page.ids)}
        count, exact = count_of(rows)
        shown = [found[pk] for pk in page.ids if pk in found]
        data = NearSerializer(shown, many=True).data
        return Response({"results": data, "next": page.next, "count": count, "count_is_exact": exact})
