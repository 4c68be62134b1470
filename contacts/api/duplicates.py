"""Possible duplicates in the API: `/contact-duplicates/` and `/company-duplicates/`, deciding, and looking up."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.api.merging import MergeSerializer, merged
from contacts.merging.fields import proposed_order
from contacts.models import CompanyDuplicate, ContactDuplicate
from contacts.selectors.duplicates import (
    open_pairs,
    possible_companies,
    possible_contacts,
    reasons_for,
    with_records,
)
from contacts.services.duplicates import dismiss_pair, reopen_pair
from core.api.problems import Problem
from core.api.views import LIST_PARAMETERS, ReadOnlyRecords, once
from core.enums import Action
from core.paging import BadCursor, count_of, keyset_page

FIELDS: tuple[str, ...] = ("id", "a", "b", "score", "reasons", "state", "decided_at", "decided_by", "seen_at")


class ReasonSerializer(serializers.Serializer[Any]):
    """One thing that speaks for or against."""

    text = serializers.CharField()
    speaks_for = serializers.BooleanField()


class PairSerializer(serializers.ModelSerializer[Any]):
    """Two records that may be one: `score` from 0 to 1 and the reasons in words."""

    reasons = serializers.SerializerMethodField()

    @extend_schema(responses=ReasonSerializer(many=True))
    def get_reasons(self, pair: Any) -> list[dict[str, Any]]:
        found = reasons_for(
            self.context["request"].user, KIND_OF[pair.__class__], pair.levels, pair.a, pair.b
        )
        return [{"text": reason.text, "speaks_for": reason.speaks_for} for reason in found]


class ContactPairSerializer(PairSerializer):
    class Meta:
        model = ContactDuplicate
        fields: ClassVar = FIELDS
        read_only_fields: ClassVar = FIELDS


class CompanyPairSerializer(PairSerializer):
    class Meta:
        model = CompanyDuplicate
        fields: ClassVar = FIELDS
        read_only_fields: ClassVar = FIELDS


class PersonRequest(serializers.Serializer[Any]):
    """A person as far as known."""

    first_name = serializers.CharField(required=False, max_length=100)
    last_name = serializers.CharField(required=False, max_length=100)
    email = serializers.CharField(required=False, max_length=320)
    phone = serializers.CharField(required=False, max_length=60)
    birthday = serializers.DateField(required=False)
    city = serializers.CharField(required=False, max_length=120)


class CompanyRequest(serializers.Serializer[Any]):
    """A company as far as known."""

    name = serializers.CharField(required=False, max_length=200)
    domain = serializers.CharField(required=False, max_length=253)
    country = serializers.CharField(required=False, max_length=2)
    phone = serializers.CharField(required=False, max_length=60)
    city = serializers.CharField(required=False, max_length=120)


class PossibleSerializer(serializers.Serializer[Any]):
    """A record that may be the one described."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    score = serializers.FloatField()
    reason = serializers.CharField()


class DuplicateRecords(ReadOnlyRecords):
    """Open pairs in the caller's scope, the likest first."""

    descending = True

    def rows(self, action: Action = Action.VIEW) -> QuerySet[Any]:
        self._require(action)
        rows: QuerySet[Any] = self.model.objects.visible_to(self.request.user, action)  # type: ignore[attr-defined]
        return rows

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return with_records(queryset)

    @extend_schema(parameters=LIST_PARAMETERS[:2])
    def list(self, request: Request) -> Response:
        self._require(Action.VIEW)
        rows = open_pairs(request.user, self.record_type)
        try:
            page = keyset_page(
                rows, ("score", "pk"), descending=True, cursor=request.query_params.get("cursor", ""),
                size=self.page_size(request),
            )  # fmt: skip
        except BadCursor:
            raise Problem(400, _("Use the “next” of the page before.")) from None
        found = {pair.pk: pair for pair in self.joined(self.model._base_manager.filter(pk__in=page.ids))}
        count, exact = count_of(rows)
        data = self.get_serializer([found[pk] for pk in page.ids], many=True).data
        return Response({"results": data, "next": page.next, "count": count, "count_is_exact": exact})

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Say that the two are not the same; it stays said."""
        pair = self.record_or_404(pk, Action.CHANGE)
        dismiss_pair(actor=request.user, pair=pair)
        return Response(self.get_serializer(self.record_or_404(pk)).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Take back that the two are not the same."""
        pair = self.record_or_404(pk, Action.CHANGE)
        reopen_pair(actor=request.user, pair=pair)
        return Response(self.get_serializer(self.record_or_404(pk)).data)

    @extend_schema(request=None, responses={201: MergeSerializer})
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """Make one record of the two, by the rules; the fuller one stays."""
        self._require(Action.DELETE)
        pair = self.record_or_404(pk)
        ids = [one.pk for one in proposed_order([pair.a, pair.b])]
        return once(request, lambda: merged(request, KIND_OF[pair.__class__], {"ids": ids}))

    def _found(self, request: Request, asked: serializers.Serializer[Any], search: Any) -> Response:
        self._require(Action.VIEW)
        asked.is_valid(raise_exception=True)
        found = search(request.user, **asked.validated_data)
        rows = [
            {"id": one.record.pk, "name": str(one.record), "score": one.score, "reason": one.reason}
            for one in found
        ]
        return Response(PossibleSerializer(rows, many=True).data)


class ContactDuplicateRecords(DuplicateRecords):
    """People who may be one."""

    record_type = "contact"
    model = ContactDuplicate
    queryset = ContactDuplicate.objects.none()
    serializer_class = ContactPairSerializer

    @extend_schema(request=PersonRequest, responses=PossibleSerializer(many=True))
    @action(detail=False, methods=["post"], pagination_class=None)
    def lookup(self, request: Request) -> Response:
        """Who in the caller's scope may be the person described, the likest first; nothing is written."""
        return self._found(request, PersonRequest(data=request.data), possible_contacts)


class CompanyDuplicateRecords(DuplicateRecords):
    """Companies that may be one."""

    record_type = "company"
    model = CompanyDuplicate
    queryset = CompanyDuplicate.objects.none()
    serializer_class = CompanyPairSerializer

    @extend_schema(request=CompanyRequest, responses=PossibleSerializer(many=True))
    @action(detail=False, methods=["post"], pagination_class=None)
    def lookup(self, request: Request) -> Response:
        """Which in the caller's scope may be the company described, the likest first; nothing is written."""
        return self._found(request, CompanyRequest(data=request.data), possible_companies)


KIND_OF: dict[type, str] = {ContactDuplicate: "contact", CompanyDuplicate: "company"}
