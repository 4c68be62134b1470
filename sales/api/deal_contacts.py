"""The people of a deal in the API: `/deals/{id}/contacts/`. Writing needs the right to change the deal; people out of
the caller's scope are not there."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.api.nested import ROW, Nested, RowSerializer, demand_field
from contacts.models import Contact
from core.api.references import Reference
from core.api.schema import IF_MATCH, Results
from core.api.views import RowVersion, bad_request, expected_version, once
from core.enums import Action
from core.services.base import StaleRecord
from sales.models import DealContact
from sales.selectors.deals import people_of_deal
from sales.services.deal_contacts import NOT_ON_IT, add_deal_contact, remove_deal_contact


class DealContactSerializer(RowSerializer):
    """A person on a deal, with their role in it; one of them is the primary contact."""

    contact = Reference(queryset=Contact.objects.all())
    version = RowVersion()

    class Meta:
        model = DealContact
        fields: ClassVar = ["id", "contact", "role", "is_primary", "version"]
        read_only_fields: ClassVar = ["id"]
        validators: ClassVar[list[Any]] = []


class DealContactChangeSerializer(DealContactSerializer):
    """Another role. The person stays: take them off and add somebody else."""

    contact = Reference(read_only=True)  # type: ignore[assignment]


class DealPeople(Nested):
    """Adds the people to the resource of deals."""

    record_or_404: Any

    @extend_schema(methods=["GET"], responses=DealContactSerializer(many=True), filters=False)
    @extend_schema(methods=["POST"], request=DealContactSerializer, responses={201: DealContactSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=Results)
    def contacts(self, request: Request, pk: str) -> Response:
        """Who takes part in the deal, the primary contact first. The first who is added becomes the primary one."""
        self._open(request)
        if request.method in SAFE_METHODS:
            return self.answer(DealContactSerializer, self._people(self.record_or_404(pk)))
        deal = self.record_or_404(pk, Action.CHANGE)

        def work() -> Response:
            values = self.cleaned(DealContactSerializer)
            try:
                row = add_deal_contact(
                    actor=request.user,
                    deal=deal,
                    contact=values["contact"],
                    role=values.get("role", ""),
                    primary=values.get("is_primary", False),
                    expected_version=NOT_ON_IT,
                )
            except StaleRecord:
                raise bad_request({"contact": [_("This person is on the deal already.")]}) from None
            return self.shown(DealContactSerializer, row, 201)

        return once(request, work)

    @extend_schema(
        methods=["PATCH"],
        parameters=[IF_MATCH],
        request=DealContactChangeSerializer,
        responses=DealContactChangeSerializer,
    )
    @extend_schema(methods=["DELETE"], parameters=[IF_MATCH], responses={204: None})
    @action(detail=True, methods=["patch", "delete"], url_path=f"contacts/{ROW}")
    def contact(self, request: Request, pk: str, row_pk: str) -> Response:
        """Give a person another role or make them the primary contact; take them off the deal, and the next one
        becomes the primary contact."""
        self._open(request)
        deal = self.record_or_404(pk, Action.CHANGE)
        row = self.one(self._people(deal), row_pk)
        expected = expected_version(request)
        if request.method == "DELETE":
            remove_deal_contact(actor=request.user, deal=deal, contact=row.contact, expected_version=expected)
            return Response(status=status.HTTP_204_NO_CONTENT)
        fresh = self.one(self._people(deal), row_pk)
        changes = self.cleaned(DealContactChangeSerializer, row)
        if fresh.is_primary and changes.get("is_primary") is False:
            raise bad_request({"is_primary": [_("Make somebody else the primary contact instead.")]})
        changed = add_deal_contact(
            actor=request.user,
            deal=deal,
            contact=fresh.contact,
            role=changes.get("role", fresh.role),
            primary=changes.get("is_primary", fresh.is_primary),
            expected_version=expected,
        )
        return self.shown(DealContactChangeSerializer, changed)

    def _open(self, request: Request) -> None:
        demand_field(
            request.user, "deal", {"contact", "contacts"}, writing=request.method not in SAFE_METHODS
        )

    def _people(self, deal: Any) -> QuerySet[DealContact]:
        return people_of_deal(self.request.user, deal)
