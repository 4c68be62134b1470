"""What hangs on people and companies in the API: `/contacts/{id}/affiliations/`, `addresses/`,
`relationships/`; `/companies/{id}/affiliations/`, `addresses/`. Writing needs the right to change the record."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.models import Address, Affiliation, Company, Contact, Relationship, RelationshipKind
from contacts.selectors.affiliations import people_of
from contacts.selectors.relationships import rows_of
from contacts.services.addresses import add_address, change_address, remove_address
from contacts.services.affiliations import add_affiliation, change_affiliation, remove_affiliation
from contacts.services.relationships import change_relationship, relate, remove_relationship
from core.api.problems import Problem
from core.api.references import Reference
from core.api.schema import IF_MATCH, Results
from core.api.views import RecordSerializer, RowVersion, etag_of, expected_version, once
from core.enums import Action
from core.scope.access import profile_for

ROW = r"(?P<row_pk>[0-9]{1,18})"


class RowSerializer(RecordSerializer):
    """A row that takes its scope from its record; fields that may not be written are refused."""

    def get_fields(self) -> dict[str, Any]:
        return super(RecordSerializer, self).get_fields()


class AffiliationSerializer(RowSerializer):
    contact = Reference(read_only=True)
    company = Reference(queryset=Company.objects.all())

    class Meta:
        model = Affiliation
        fields: ClassVar = [
            "id", "contact", "company", "title", "role", "is_primary", "valid_from", "valid_to", "version",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["id", "version"]
        extra_kwargs: ClassVar = {"is_primary": {"default": None, "allow_null": True}}


class AffiliationChangeSerializer(AffiliationSerializer):
    """The company of an affiliation stays: end it and add another."""

    company = Reference(read_only=True)  # type: ignore[assignment]

    class Meta(AffiliationSerializer.Meta):
        extra_kwargs: ClassVar = {}


class AddressSerializer(RowSerializer):
    version = RowVersion()

    class Meta:
        model = Address
        fields: ClassVar = [
            "id", "label", "street", "postcode", "city", "region", "country", "is_primary",
            "latitude", "longitude", "version",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["id", "latitude", "longitude"]
        extra_kwargs: ClassVar = {"is_primary": {"required": False}}


class RelationshipSerializer(RowSerializer):
    """`contact` stands to `other` as `kind` says; the person in the URL may be either."""

    contact = Reference(read_only=True)
    other = Reference(queryset=Contact.objects.all())
    kind = serializers.SlugRelatedField(slug_field="key", queryset=RelationshipKind.objects.all())
    version = RowVersion()

    class Meta:
        model = Relationship
        fields: ClassVar = ["id", "contact", "kind", "other", "note", "since", "version"]
        read_only_fields: ClassVar = ["id"]
        validators: ClassVar[list[Any]] = []


class RelationshipChangeSerializer(RelationshipSerializer):
    other = Reference(read_only=True)  # type: ignore[assignment]
    kind = serializers.SlugRelatedField(slug_field="key", read_only=True)  # type: ignore[assignment]


def demand_field(user: Any, record_type: str, names: set[str], *, writing: bool = False) -> None:
    """403 where the role hides one of the fields that the rows belong to, or may not write it."""
    profile = profile_for(user)
    shut = profile.hidden_fields(record_type)
    if names & (shut | profile.read_only_fields(record_type) if writing else shut):
        raise Problem(status.HTTP_403_FORBIDDEN, _("Your role does not allow this."))


class Nested:
    """What the mixins share: the record in scope, one of its rows, and the answers."""

    request: Any

    def answer(self, serializer: Any, rows: QuerySet[Any]) -> Response:
        context = {"request": self.request}
        return Response({"results": serializer(rows[:200], many=True, context=context).data})

    def one(self, rows: QuerySet[Any], row_pk: str) -> Any:
        found = rows.filter(pk=row_pk).first()
        if found is None:
            raise Http404
        return found

    def cleaned(self, serializer: Any, row: Any = None) -> dict[str, Any]:
        filled = serializer(
            row, data=self.request.data, partial=row is not None, context={"request": self.request}
        )
        filled.is_valid(raise_exception=True)
        return dict(filled.validated_data)

    def shown(self, serializer: Any, row: Any, code: int = status.HTTP_200_OK) -> Response:
        data = serializer(row, context={"request": self.request}).data
        return Response(data, code, headers={"ETag": etag_of(row)})


class AddressRows(Nested):
    """Addresses of a contact or company."""

    record_type: ClassVar[str]
    record_or_404: Any

    @extend_schema(methods=["GET"], responses=AddressSerializer(many=True), filters=False)
    @extend_schema(methods=["POST"], request=AddressSerializer, responses={201: AddressSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=Results)
    def addresses(self, request: Request, pk: str) -> Response:
        self._open(request)
        if request.method in SAFE_METHODS:
            return self.answer(AddressSerializer, self._addresses(self.record_or_404(pk)))
        record = self.record_or_404(pk, Action.CHANGE)

        def work() -> Response:
            values = {**self.cleaned(AddressSerializer), self.record_type: record}
            return self.shown(AddressSerializer, add_address(actor=request.user, **values), 201)

        return once(request, work)

    @extend_schema(
        methods=["PATCH"], parameters=[IF_MATCH], request=AddressSerializer, responses=AddressSerializer
    )
    @extend_schema(methods=["DELETE"], parameters=[IF_MATCH], responses={204: None})
    @action(detail=True, methods=["patch", "delete"], url_path=f"addresses/{ROW}")
    def address(self, request: Request, pk: str, row_pk: str) -> Response:
        self._open(request)
        row = self.one(self._addresses(self.record_or_404(pk, Action.CHANGE)), row_pk)
        if request.method == "DELETE":
            expected = expected_version(request)
            remove_address(actor=request.user, address=row, expected_version=expected)
            return Response(status=status.HTTP_204_NO_CONTENT)
        changes = self.cleaned(AddressSerializer, row)
        fresh = self.one(Address.objects.all(), row_pk)
        changed = change_address(
            actor=request.user, address=fresh, changes=changes, expected_version=expected_version(request)
        )
        return self.shown(AddressSerializer, changed)

    def _open(self, request: Request) -> None:
        writing = request.method not in SAFE_METHODS
        demand_field(request.user, self.record_type, {"addresses", "city"}, writing=writing)

    def _addresses(self, record: Any) -> QuerySet[Address]:
        rows: QuerySet[Address] = record.addresses.order_by("-is_primary", "pk")
        return rows


class PeopleRows(Nested):
    """The people of a company, present and former; they are changed as a person's affiliations."""

    record_or_404: Any

    @extend_schema(responses=AffiliationSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=Results)
    def affiliations(self, request: Request, pk: str) -> Response:
        company = self.record_or_404(pk)
        demand_field(request.user, "contact", {"company"})
        rows = people_of(company, request.user).select_related("company")
        return self.answer(AffiliationSerializer, rows)


class AffiliationRows(Nested):
    """The companies of a person."""

    record_or_404: Any

    @extend_schema(methods=["GET"], responses=AffiliationSerializer(many=True), filters=False)
    @extend_schema(methods=["POST"], request=AffiliationSerializer, responses={201: AffiliationSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=Results)
    def affiliations(self, request: Request, pk: str) -> Response:
        self._demand_company(request)
        if request.method in SAFE_METHODS:
            return self.answer(AffiliationSerializer, self._affiliations(self.record_or_404(pk)))
        contact = self.record_or_404(pk, Action.CHANGE)

        def work() -> Response:
            values = self.cleaned(AffiliationSerializer)
            row = add_affiliation(actor=request.user, contact=contact, **values)
            return self.shown(AffiliationSerializer, row, 201)

        return once(request, work)

    @extend_schema(
        methods=["PATCH"],
        parameters=[IF_MATCH],
        request=AffiliationChangeSerializer,
        responses=AffiliationChangeSerializer,
    )
    @extend_schema(methods=["DELETE"], parameters=[IF_MATCH], responses={204: None})
    @action(detail=True, methods=["patch", "delete"], url_path=f"affiliations/{ROW}")
    def affiliation(self, request: Request, pk: str, row_pk: str) -> Response:
        self._demand_company(request)
        contact = self.record_or_404(pk, Action.CHANGE)
        row = self.one(self._affiliations(contact), row_pk)
        if request.method == "DELETE":
            expected = expected_version(request)
            remove_affiliation(actor=request.user, affiliation=row, expected_version=expected)
            return Response(status=status.HTTP_204_NO_CONTENT)
        changes = self.cleaned(AffiliationChangeSerializer, row)
        fresh = self.one(self._affiliations(contact), row_pk)
        changed = change_affiliation(
            actor=request.user,
            affiliation=fresh,
            changes=changes,
            expected_version=expected_version(request),
        )
        return self.shown(AffiliationChangeSerializer, changed)

    def _demand_company(self, request: Request) -> None:
        demand_field(request.user, "contact", {"company"}, writing=request.method not in SAFE_METHODS)

    def _affiliations(self, contact: Any) -> QuerySet[Affiliation]:
        rows: QuerySet[Affiliation] = Affiliation.objects.visible_to(self.request.user)
        return rows.filter(contact=contact).select_related("contact", "company").order_by("-is_primary", "pk")


class RelationshipRows(Nested):
    """How a person stands to others."""

    record_or_404: Any

    @extend_schema(methods=["GET"], responses=RelationshipSerializer(many=True), filters=False)
    @extend_schema(methods=["POST"], request=RelationshipSerializer, responses={201: RelationshipSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=Results)
    def relationships(self, request: Request, pk: str) -> Response:
        if request.method in SAFE_METHODS:
            return self.answer(RelationshipSerializer, self._relationships(self.record_or_404(pk)))
        contact = self.record_or_404(pk, Action.CHANGE)

        def work() -> Response:
            values = self.cleaned(RelationshipSerializer)
            return self.shown(
                RelationshipSerializer, relate(actor=request.user, contact=contact, **values), 201
            )

        return once(request, work)

    @extend_schema(
        methods=["PATCH"],
        parameters=[IF_MATCH],
        request=RelationshipChangeSerializer,
        responses=RelationshipChangeSerializer,
    )
    @extend_schema(methods=["DELETE"], parameters=[IF_MATCH], responses={204: None})
    @action(detail=True, methods=["patch", "delete"], url_path=f"relationships/{ROW}")
    def relationship(self, request: Request, pk: str, row_pk: str) -> Response:
        row = self.one(self._relationships(self.record_or_404(pk, Action.CHANGE)), row_pk)
        if request.method == "DELETE":
            expected = expected_version(request)
            remove_relationship(actor=request.user, relationship=row, expected_version=expected)
            return Response(status=status.HTTP_204_NO_CONTENT)
        changes = self.cleaned(RelationshipChangeSerializer, row)
        fresh = self.one(Relationship.objects.select_related("contact", "other", "kind"), row_pk)
        changed = change_relationship(
            actor=request.user,
            relationship=fresh,
            changes=changes,
            expected_version=expected_version(request),
        )
        return self.shown(RelationshipChangeSerializer, changed)

    def _relationships(self, contact: Any) -> QuerySet[Relationship]:
        return rows_of(contact, self.request.user).select_related("contact", "other", "kind").order_by("pk")
