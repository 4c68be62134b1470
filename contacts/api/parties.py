"""Contacts and companies in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers

from contacts.api.lifecycle import LifecycleHistory
from contacts.api.merging import Mergeable
from contacts.api.nested import AddressRows, AffiliationRows, PeopleRows, RelationshipRows
from contacts.api.places import OnTheMap
from contacts.api.profile import HasProfile
from contacts.api.reach import PointRows
from contacts.api.structure import Structure
from contacts.api.suggestions import LooksAtSites
from contacts.models import Company, Contact, ContactPoint
from contacts.selectors.search import matching
from contacts.services.parties import create_company, create_contact, update_company, update_contact
from core.api.references import Reference
from core.api.views import Records, RecordSerializer
from core.models import User


class PointSerializer(serializers.ModelSerializer[ContactPoint]):
    class Meta:
        model = ContactPoint
        fields: ClassVar = ["id", "kind", "label", "value", "normalised", "is_primary"]


class TagNames(serializers.ListField):
    """Tags by name, in their order."""

    def get_attribute(self, instance: Any) -> list[str]:
        return sorted(tag.name for tag in instance.tags.all())


class PartySerializer(RecordSerializer):
    """What contacts and companies share; `email` and `phone` set the primary points."""

    owner = Reference(queryset=User.objects.all(), required=False, allow_null=True)
    points = PointSerializer(many=True, read_only=True)
    email = serializers.EmailField(write_only=True, required=False, allow_blank=True)
    phone = serializers.CharField(write_only=True, required=False, allow_blank=True, max_length=60)
    tags = TagNames(child=serializers.CharField(max_length=60), required=False)


class ContactSerializer(PartySerializer):
    company = Reference(queryset=Company.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Contact
        fields: ClassVar = [
            "id",
            "name",
            "first_name",
            "last_name",
            "salutation",
            "job_title",
            "company",
            "lifecycle_stage",
            "owner",
            "team",
            "email",
            "phone",
            "points",
            "tags",
            "language",
            "time_zone",
            "preferred_channel",
            "best_hour",
            "communication_style",
            "interests",
            "values_held",
            "personality",
            "country",
            "city",
            "latitude",
            "longitude",
            "birthday",
            "source",
            "do_not_contact",
            "external_id",
            "description",
            "last_activity_at",
            "created_at",
            "updated_at",
            "version",
        ]
        read_only_fields: ClassVar = [
            "id",
            "name",
            "team",
            "latitude",
            "longitude",
            "last_activity_at",
            "created_at",
            "updated_at",
            "version",
        ]


class CompanySerializer(PartySerializer):
    parent = Reference(  # type: ignore[assignment]
        queryset=Company.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Company
        fields: ClassVar = [
            "id",
            "name",
            "kind",
            "parent",
            "domain",
            "industry",
            "employees",
            "annual_revenue",
            "currency",
            "founded_year",
            "owner",
            "team",
            "email",
            "phone",
            "points",
            "tags",
            "country",
            "city",
            "latitude",
            "longitude",
            "source",
            "external_id",
            "description",
            "last_activity_at",
            "created_at",
            "updated_at",
            "version",
        ]
        read_only_fields: ClassVar = [
            "id",
            "team",
            "latitude",
            "longitude",
            "last_activity_at",
            "created_at",
            "updated_at",
            "version",
        ]


class ContactRecords(LifecycleHistory, HasProfile, OnTheMap, Mergeable, Records):
    """People."""

    record_type = "contact"
    model = Contact
    queryset = Contact.objects.none()
    serializer_class = ContactSerializer
    order = ("sort_name",)
    searchable = True
    addresses, address = AddressRows().actions("addresses", "address")
    affiliations, affiliation = AffiliationRows().actions("affiliations", "affiliation")
    points, point = PointRows().actions("points", "point")
    relationships, relationship = RelationshipRows().actions("relationships", "relationship")

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return matching(rows, text, self.request.user)

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("company", "owner").prefetch_related("points", "tags")

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Contact:
        return create_contact(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        return update_contact(actor=actor, contact=record, changes=values, expected_version=expected_version)


class CompanyRecords(PeopleRows, Structure, LooksAtSites, HasProfile, OnTheMap, Mergeable, Records):
    """Companies."""

    record_type = "company"
    model = Company
    queryset = Company.objects.none()
    serializer_class = CompanySerializer
    order = ("sort_name",)
    searchable = True
    addresses, address = AddressRows().actions("addresses", "address")
    points, point = PointRows().actions("points", "point")

    def search(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return matching(rows, text, self.request.user)

    def joined(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.select_related("parent", "owner").prefetch_related("points", "tags")

    def perform_create_with(self, actor: Any, values: dict[str, Any]) -> Company:
        return create_company(actor=actor, **values)

    def perform_update_with(
        self, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None
    ) -> Any:
        return update_company(actor=actor, company=record, changes=values, expected_version=expected_version)
