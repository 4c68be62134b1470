"""What a person starred and follows in the API, and who follows a record."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.rows import ON_RECORD, PAGING, Rows, record_of
from core.api.views import RequestSerializer, check_match, once
from core.models import Favourite, User
from core.selectors.favourites import followers_of, marks_of, names_of
from core.services.marks import set_marks


class FavouriteSerializer(serializers.ModelSerializer[Favourite]):
    """A record that one starred (it stands in the sidebar) or follows (one is told what happens with it)."""

    name = serializers.SerializerMethodField()

    class Meta:
        model = Favourite
        fields: ClassVar = ["id", "record_type", "object_id", "name", "starred", "following", "updated_at"]
        read_only_fields = fields

    def get_name(self, mark: Favourite) -> str:
        names: dict[tuple[str, int], str] = self.context["names"]
        return names.get((mark.record_type, mark.object_id), "")


class MarksChange(RequestSerializer):
    """Which marks a record has; what is left out stays."""

    starred = serializers.BooleanField(required=False)
    following = serializers.BooleanField(required=False)


class MarksRequest(MarksChange):
    """The marks of a record."""

    record_type = serializers.CharField(max_length=40)
    object_id = serializers.IntegerField(min_value=1)


class FollowerSerializer(serializers.ModelSerializer[User]):
    """Somebody who is told what happens with a record."""

    class Meta:
        model = User
        fields: ClassVar = ["id", "name"]
        read_only_fields = fields


@extend_schema_view(
    list=extend_schema(parameters=PAGING),
    create=extend_schema(
        request=MarksRequest,
        responses={200: FavouriteSerializer},
        examples=[
            OpenApiExample(
                "Follow a contact",
                {"record_type": "contact", "object_id": 12, "following": True},
                request_only=True,
            )
        ],
    ),
    partial_update=extend_schema(request=MarksChange),
)
class FavouriteRecords(Rows):
    """One's own marks on records that one may see, the newest first."""

    queryset = Favourite.objects.none()
    serializer_class = FavouriteSerializer

    def list(self, request: Request) -> Response:
        return self.page(marks_of(request.user), descending=True, load=self._named)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._answer(self.one(pk))

    def create(self, request: Request) -> Response:
        """Star or follow a record. Saying it again changes nothing."""
        self.may_write()
        asked = self.cleaned(MarksRequest)
        record = record_of(request.user, asked.pop("record_type"), asked.pop("object_id"))
        return once(request, lambda: self._answer(set_marks(actor=request.user, record=record, **asked)))

    def partial_update(self, request: Request, pk: str) -> Response:
        self.may_write()
        mark = self.one(pk)
        check_match(request, mark)
        record = record_of(request.user, mark.record_type, mark.object_id)
        return self._answer(set_marks(actor=request.user, record=record, **self.cleaned(MarksChange)))

    def destroy(self, request: Request, pk: str) -> Response:
        """Take both marks off."""
        self.may_write()
        mark = self.one(pk)
        check_match(request, mark)
        record = record_of(request.user, mark.record_type, mark.object_id)
        set_marks(actor=request.user, record=record, starred=False, following=False)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(parameters=[*ON_RECORD, *PAGING], responses=FollowerSerializer(many=True))
    @action(detail=False, methods=["get"], serializer_class=FollowerSerializer)
    def followers(self, request: Request) -> Response:
        """Who follows a record, of the people whom the caller may see."""
        return self.page(followers_of(self.asked_record(), request.user))

    def one(self, pk: str) -> Favourite:
        """One's own mark; 404 otherwise."""
        mark: Favourite | None = marks_of(self.request.user).filter(pk=pk).first()
        if mark is None:
            raise Http404
        return mark

    def _named(self, ids: Sequence[int]) -> Sequence[Favourite]:
        marks = list(Favourite.objects.filter(pk__in=ids))
        self._names = names_of(marks, self.request.user)
        return marks

    def _answer(self, mark: Favourite) -> Response:
        self._names = names_of([mark], self.request.user)
        return self.shown(mark, status.HTTP_200_OK)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "names": getattr(self, "_names", {})}
