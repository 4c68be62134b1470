"""Segments in the API."""

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.api.segment_answers import (
    SegmentAddedSerializer,
    SegmentHistorySerializer,
    SegmentMembersSerializer,
    SegmentOverlapSerializer,
    SegmentPreviewSerializer,
    SegmentRemovedSerializer,
    SegmentWhySerializer,
)
from contacts.models import Contact, Segment
from contacts.segmentation.members import kept_row
from contacts.segmentation.why import why
from contacts.selectors.groups import Preview, members, preview_of, preview_of_segment
from contacts.selectors.segment_history import history_of, passages
from contacts.selectors.segment_overlap import overlap_of
from contacts.services.segments import (
    add_members,
    create_segment,
    remove_members,
    snapshot_segment,
    update_segment,
)
from core.api.problems import Problem
from core.api.views import Records, RecordSerializer, once
from core.conditions.tree import ConditionError, parse
from core.enums import Action
from core.paging import BadCursor, count_of, keyset_page

CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description="`next` of the page before")
CONTACT = OpenApiParameter("contact", OpenApiTypes.INT, required=True, description="the contact's number")


class SegmentSerializer(RecordSerializer):
    class Meta:
        model = Segment
        fields: ClassVar = [
            "id",
            "name",
            "description",
            "kind",
            "rule",
            "owner",
            "created_at",
            "updated_at",
            "version",
        ]
        read_only_fields: ClassVar = ["id", "owner", "created_at", "updated_at", "version"]


class ContactIdsSerializer(serializers.Serializer[Any]):
    """People by their numbers; those out of the caller's sight are passed over."""

    contacts = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=10_000)


class SnapshotSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)


class RuleSerializer(serializers.Serializer[Any]):
    """A rule that is tried before it is saved."""

    rule = serializers.JSONField()


class SegmentRecords(Records):
    """Groups of contacts by rule or by hand."""

    record_type = "segment"
    model = Segment
    queryset = Segment.objects.none()
    serializer_class = SegmentSerializer

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Segment:
        return create_segment(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        return update_segment(actor=actor, segment=record, changes=values, expected_version=expected_version)

    @extend_schema(request=RuleSerializer, responses=SegmentPreviewSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """What a rule would hold: how many, the first of them, and the rule read aloud. Saves nothing."""
        self._require(Action.VIEW)
        given = RuleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            found = preview_of(parse(given.validated_data["rule"]), request.user)
        except ConditionError as error:
            raise Problem(400, "The rule can't be used.", str(error), errors={"rule": [str(error)]}) from None
        return Response(_preview(found))

    @extend_schema(request=None, responses=SegmentPreviewSerializer)
    @action(detail=True, methods=["get"])
    def count(self, request: Request, pk: str) -> Response:
        """How many of the members the caller may see, the first of them, and the rule read aloud."""
        segment = self.record_or_404(pk)
        return Response(_preview(_usable(lambda: preview_of_segment(segment, request.user))))

    @extend_schema(methods=["GET"], parameters=[CURSOR], request=None, responses=SegmentMembersSerializer)
    @action(detail=True, methods=["get"])
    def members(self, request: Request, pk: str) -> Response:
        """The members whom the caller may see: numbers and names, by number, 200 a page."""
        segment = self.record_or_404(pk)
        rows = _usable(lambda: members(segment, request.user))
        try:
            page = keyset_page(rows, ("pk",), cursor=request.query_params.get("cursor", ""), size=200)
        except BadCursor:
            raise Problem(400, "Use the “next” of the page before.") from None
        names = dict(Contact.objects.filter(pk__in=page.ids).values_list("pk", "name"))
        kept = kept_row(segment, request.user) is not None
        count, exact = (rows.count(), True) if kept else count_of(rows)
        results = [{"id": one, "name": names.get(one, "")} for one in page.ids]
        return Response({"results": results, "next": page.next, "count": count, "count_is_exact": exact})

    @extend_schema(request=ContactIdsSerializer, responses=SegmentAddedSerializer)
    @action(detail=True, methods=["post"], url_path="members/add")
    def add(self, request: Request, pk: str) -> Response:
        """Put people into a fixed segment."""
        segment, ids = self.record_or_404(pk, Action.CHANGE), _ids(request)
        return once(
            request,
            lambda: Response({"added": add_members(actor=request.user, segment=segment, contact_ids=ids)}),
        )

    @extend_schema(request=ContactIdsSerializer, responses=SegmentRemovedSerializer)
    @action(detail=True, methods=["post"], url_path="members/remove")
    def remove(self, request: Request, pk: str) -> Response:
        """Take people out of a fixed segment."""
        segment, ids = self.record_or_404(pk, Action.CHANGE), _ids(request)
        seen = list(Contact.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", flat=True))
        gone = remove_members(actor=request.user, segment=segment, contact_ids=seen)
        return Response({"removed": gone})

    @extend_schema(parameters=[CONTACT], request=None, responses=SegmentWhySerializer)
    @action(detail=True, methods=["get"])
    def why(self, request: Request, pk: str) -> Response:
        """Why a contact is in the segment or not, condition by condition with the values, and since when."""
        segment, contact = self.record_or_404(pk), self._contact(request)
        reason = _usable(lambda: why(segment, contact, request.user))
        events = [
            {"how": one.how, "at": one.at, "inside": one.inside}
            for one in history_of(segment, contact, request.user)
        ]
        return Response({"contact": contact.pk, "reason": reason.to_json(), "history": events})

    @extend_schema(parameters=[CURSOR], request=None, responses=SegmentHistorySerializer)
    @action(detail=True, methods=["get"])
    def history(self, request: Request, pk: str) -> Response:
        """Who entered and left, newest first."""
        segment = self.record_or_404(pk)
        rows = _usable(lambda: passages(segment, request.user)).order_by()
        try:
            page = keyset_page(
                rows, ("pk",), descending=True, cursor=request.query_params.get("cursor", ""), size=200
            )
        except BadCursor:
            raise Problem(400, "Use the “next” of the page before.") from None
        found = rows.filter(pk__in=page.ids).order_by("-pk")
        results = [{"contact": one.contact_id, "entered": one.entered, "at": one.at} for one in found]
        return Response({"results": results, "next": page.next})

    @extend_schema(
        parameters=[
            OpenApiParameter("with", OpenApiTypes.STR, required=True, description="`3,8`: one to four")
        ],
        request=None,
        responses=SegmentOverlapSerializer,
    )
    @action(detail=True, methods=["get"])
    def overlap(self, request: Request, pk: str) -> Response:
        """How many people are in exactly which of the segments, and in each pair."""
        segment = self.record_or_404(pk)
        wanted = [n for n in request.query_params.get("with", "").split(",") if n.isascii() and n.isdigit()]
        others = list(
            Segment.objects.visible_to(request.user).filter(pk__in=wanted[:4]).exclude(pk=pk).order_by("pk")
        )
        if not others:
            raise Problem(status.HTTP_400_BAD_REQUEST, "Name one to four other segments in “with”.")
        overlap = _usable(lambda: overlap_of([segment, *others], request.user))
        ids = [one.pk for one in overlap.segments]
        exact = [
            {"segments": [i for i, inside in zip(ids, pattern, strict=True) if inside], "people": count}
            for pattern, count in overlap.exact
        ]
        pairs = [
            {"segments": [one.pk, other.pk], "people": both, "share": round(share, 4)}
            for one, other, both, share in overlap.pairs
        ]
        return Response({"segments": ids, "exact": exact, "pairs": pairs})

    @extend_schema(request=SnapshotSerializer, responses={201: SegmentSerializer})
    @action(detail=True, methods=["post"])
    def snapshot(self, request: Request, pk: str) -> Response:
        """Keep who is in the segment now as a fixed segment."""
        self._require(Action.ADD)
        segment = self.record_or_404(pk)
        given = SnapshotSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        name = given.validated_data.get("name", "")

        def work() -> Response:
            made = _usable(lambda: snapshot_segment(actor=request.user, segment=segment, name=name))
            return Response(
                SegmentSerializer(made, context={"request": request}).data, status.HTTP_201_CREATED
            )

        return once(request, work)

    def _contact(self, request: Request) -> Contact:
        number = request.query_params.get("contact", "")
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            raise Problem(status.HTTP_400_BAD_REQUEST, "Name a contact's number in “contact”.")
        contact: Contact | None = Contact.objects.visible_to(request.user).filter(pk=number).first()
        if contact is None:
            raise Http404
        return contact


def _ids(request: Request) -> list[int]:
    given = ContactIdsSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    ids: list[int] = given.validated_data["contacts"]
    return ids


def _preview(found: Preview) -> dict[str, Any]:
    sample = [{"id": one.pk, "name": one.name} for one in found.sample]
    return {
        "count": found.count,
        "count_is_exact": found.is_exact,
        "sample": sample,
        "words": found.words,
    }


def _usable(read: Any) -> Any:
    """What `read` answers, or 409 where the segment's rule can't be used for the caller."""
    try:
        return read()
    except ConditionError as error:
        raise Problem(status.HTTP_409_CONFLICT, str(error)) from None
