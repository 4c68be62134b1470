"""Tags in the API: listed, named, merged, taken away."""

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.rows import PAGING, Rows
from core.api.views import (
    RequestSerializer,
    RowVersion,
    Strict,
    bad_request,
    expected_version,
    once,
)
from core.enums import Action
from core.models import Tag
from core.selectors.tags import tags_with_uses
from core.services.tags import create_tag, delete_tag, merge_tags, update_tag

SEARCH = OpenApiParameter("q", OpenApiTypes.STR, description="a part of the name")


class TagSerializer(Strict, serializers.ModelSerializer[Tag]):
    """A word on records; `uses` is on how many it stands, `colour` one of eight."""

    uses = serializers.IntegerField(read_only=True)
    version = RowVersion()

    class Meta:
        model = Tag
        fields: ClassVar = ["id", "name", "colour", "uses", "created_at", "updated_at", "version"]
        read_only_fields: ClassVar = ["id", "created_at", "updated_at"]
        extra_kwargs: ClassVar = {"name": {"validators": []}, "colour": {"min_value": 1, "max_value": 8}}


class TagMergeRequest(RequestSerializer):
    """Which tags become which."""

    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=200)
    into = serializers.IntegerField(min_value=1)


@extend_schema_view(list=extend_schema(parameters=[SEARCH, *PAGING]))
class TagRecords(Rows):
    """The tags of the installation, by name."""

    record_type = "tag"
    queryset = Tag.objects.none()
    serializer_class = TagSerializer

    def list(self, request: Request) -> Response:
        self.require("tag", Action.VIEW)
        rows, text = Tag.objects.visible_to(request.user), request.query_params.get("q", "").strip()[:60]
        rows = rows.filter(name__icontains=text) if text else rows
        return self.page(
            rows, ("name", "pk"), load=lambda ids: list(tags_with_uses(request.user).filter(pk__in=ids))
        )

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.shown(self.one(pk, Action.VIEW))

    def create(self, request: Request) -> Response:
        self.require("tag", Action.ADD)
        values = self.cleaned(TagSerializer)

        def work() -> Response:
            tag = create_tag(actor=request.user, **values)
            return self.shown(self.one(str(tag.pk), Action.VIEW), status.HTTP_201_CREATED)

        return once(request, work)

    def partial_update(self, request: Request, pk: str) -> Response:
        tag = self.one(pk, Action.CHANGE)
        values = {"name": tag.name, "colour": tag.colour, **self.cleaned(TagSerializer, partial=True)}
        update_tag(actor=request.user, tag=tag, expected_version=expected_version(request), **values)
        return self.shown(self.one(pk, Action.VIEW))

    def destroy(self, request: Request, pk: str) -> Response:
        """Take it off everything and away."""
        tag = self.one(pk, Action.DELETE)
        delete_tag(actor=request.user, tag=tag, expected_version=expected_version(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        request=TagMergeRequest,
        responses=TagSerializer,
        examples=[OpenApiExample("Two spellings of one", {"ids": [4, 9], "into": 2}, request_only=True)],
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def merge(self, request: Request) -> Response:
        """Make several tags one: what carries one of `ids` carries `into`, segments and saved views included."""
        self.require("tag", Action.CHANGE)
        self.require("tag", Action.DELETE)
        asked = self.cleaned(TagMergeRequest)
        wanted = {*asked["ids"], asked["into"]}
        found = {tag.pk: tag for tag in Tag.objects.visible_to(request.user).filter(pk__in=wanted)}
        if missing := sorted(wanted - set(found)):
            raise bad_request({"ids": [_("There is no tag %(id)s.") % {"id": pk} for pk in missing]})

        def work() -> Response:
            into = found[asked["into"]]
            merge_tags(actor=request.user, tags=list(found.values()), into=into)
            return self.shown(self.one(str(into.pk), Action.VIEW))

        return once(request, work)

    def one(self, pk: str, wanted: Action) -> Any:
        """The tag; 403 without the right, 404 for none."""
        self.require("tag", wanted)
        tag = tags_with_uses(self.request.user).filter(pk=pk).first()
        if tag is None:
            raise Http404
        return tag
