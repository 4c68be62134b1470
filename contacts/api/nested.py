"""What hangs on people and companies in the API: `/contacts/{id}/affiliations/`, `addresses/`,
`relationships/`; `/companies/{id}/affiliations/`, `addresses/`."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.models import Address, Affiliation, Company, Contact, Relationship, RelationshipKind
from contacts.selectors.affiliations import people_of
from contacts.selectors.relationships import rows_of
from contacts.services.addresses import add_address, change_address, remove_address
from contacts.services.affiliations import add_affiliation, change_affiliation, remove_affiliation
from contacts.services.relationships import change_relationship, relate, remove_relationship
from core.api.nested import NestedRows, RowSerializer, demand_field, listed
from core.api.references import Reference
from core.api.schema import Results
from core.api.views import RowVersion


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


class AddressRows(NestedRows):
    """Postal addresses, the primary one first."""

    serializer = AddressSerializer
    stand_for = frozenset({"addresses", "city"})

    def rows(self, record: Any, user: Any) -> QuerySet[Address]:
        rows: QuerySet[Address] = record.addresses.order_by("-is_primary", "pk")
        return rows

    def add(self, actor: Any, record: Any, values: dict[str, Any]) -> Address:
        return add_address(actor=actor, **{**values, record.record_type: record})

    def change(self, actor: Any, row: Any, changes: dict[str, Any], expected_version: int | None) -> Address:
        return change_address(actor=actor, address=row, changes=changes, expected_version=expected_version)

    def remove(self, actor: Any, row: Any, expected_version: int | None) -> None:
        remove_address(actor=actor, address=row, expected_version=expected_version)


class AffiliationRows(NestedRows):
    """The companies of a person, present and former, the primary one first."""

    serializer = AffiliationSerializer
    change_serializer = AffiliationChangeSerializer
    stand_for = frozenset({"company"})

    def rows(self, record: Any, user: Any) -> QuerySet[Affiliation]:
        rows: QuerySet[Affiliation] = Affiliation.objects.visible_to(user).filter(contact=record)
        return rows.select_related("contact", "company").order_by("-is_primary", "pk")

    def add(self, actor: Any, record: Any, values: dict[str, Any]) -> Affiliation:
        return add_affiliation(actor=actor, contact=record, **values)

    def change(
        self, actor: Any, row: Any, changes: dict[str, Any], expected_version: int | None
    ) -> Affiliation:
        return change_affiliation(
            actor=actor, affiliation=row, changes=changes, expected_version=expected_version
        )

    def remove(self, actor: Any, row: Any, expected_version: int | None) -> None:
        remove_affiliation(actor=actor, affiliation=row, expected_version=expected_version)


class RelationshipRows(NestedRows):
    """How a person stands to others, from either end."""

    serializer = RelationshipSerializer
    change_serializer = RelationshipChangeSerializer

    def rows(self, record: Any, user: Any) -> QuerySet[Relationship]:
        return rows_of(record, user).select_related("contact", "other", "kind").order_by("pk")

    def add(self, actor: Any, record: Any, values: dict[str, Any]) -> Relationship:
        return relate(actor=actor, contact=record, **values)

    def change(
        self, actor: Any, row: Any, changes: dict[str, Any], expected_version: int | None
    ) -> Relationship:
        return change_relationship(
            actor=actor, relationship=row, changes=changes, expected_version=expected_version
        )

    def remove(self, actor: Any, row: Any, expected_version: int | None) -> None:
        remove_relationship(actor=actor, relationship=row, expected_version=expected_version)


class PeopleRows:
    """The people of a company, present and former; they are changed as a person's affiliations."""

    record_or_404: Any

    @extend_schema(responses=AffiliationSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=Results)
    def affiliations(self, request: Request, pk: str) -> Response:
        company = self.record_or_404(pk)
        demand_field(request.user, "contact", {"company"})
        return listed(
            request, AffiliationSerializer, people_of(company, request.user).select_related("company")
        )
