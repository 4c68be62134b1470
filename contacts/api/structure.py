"""Companies in the API: the group they belong to, and who reports to whom."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.selectors.company_trees import Branch, company_tree
from contacts.selectors.relationships import Seat, org_chart
from core.api.nested import demand_field
from core.enums import Action
from core.scope.access import profile_for

GROUP = {
    "results": [
        {
            "id": 4, "name": "Acme plc", "is_here": False,
            "children": [{"id": 9, "name": "Acme UK Ltd", "is_here": True, "children": []}],
        }
    ]
}  # fmt: skip
PERSON = {"id": 12, "name": "Ada Byron", "title": "CTO", "reports": []}
CHART = {"trees": [PERSON], "others": [], "is_complete": True}


def _below(field: str, component: str) -> dict[str, Any]:
    """How OpenAPI says that a row holds rows like itself."""
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{component}"}, "description": field}


class BranchSerializer(serializers.Serializer[Any]):
    """A company of a group; `is_here` marks the one that was asked about."""

    id = serializers.IntegerField(source="company.pk")
    name = serializers.CharField(source="company")
    is_here = serializers.BooleanField()
    children = serializers.SerializerMethodField()

    @extend_schema_field(_below("the companies that belong to it", "Branch"))
    def get_children(self, branch: Branch) -> list[dict[str, Any]]:
        return list(BranchSerializer(branch.children, many=True).data)


class GroupSerializer(serializers.Serializer[Any]):
    """The group that a company belongs to; several trees where what lies between is out of sight."""

    results = BranchSerializer(many=True)


class SeatSerializer(serializers.Serializer[Any]):
    """Somebody in an org chart, with their title there."""

    id = serializers.IntegerField(source="contact.pk")
    name = serializers.CharField(source="contact")
    title = serializers.CharField(source="affiliation.title")
    reports = serializers.SerializerMethodField()

    @extend_schema_field(_below("who reports to them", "Seat"))
    def get_reports(self, seat: Seat) -> list[dict[str, Any]]:
        return list(SeatSerializer(seat.reports, many=True).data)


class ChartSerializer(serializers.Serializer[Any]):
    """Who reports to whom, the people without either, and whether everybody is in it."""

    trees = SeatSerializer(many=True)
    others = SeatSerializer(many=True)
    is_complete = serializers.BooleanField()


class Structure:
    """Adds `GET …/{id}/tree/` and `GET …/{id}/org-chart/` to the resource of companies."""

    record_or_404: Any

    @extend_schema(responses=GroupSerializer, examples=[OpenApiExample("A group", GROUP, response_only=True)])
    @action(detail=True, methods=["get"], pagination_class=None)
    def tree(self, request: Request, pk: str) -> Response:
        """Parents and subsidiaries that the caller may see, from the top; at most 300."""
        company = self.record_or_404(pk)
        return Response(GroupSerializer({"results": company_tree(company, request.user)}).data)

    @extend_schema(
        responses=ChartSerializer,
        examples=[OpenApiExample("A company of two", CHART, response_only=True)],
    )
    @action(detail=True, methods=["get"], url_path="org-chart", pagination_class=None)
    def org_chart(self, request: Request, pk: str) -> Response:
        """The present people whom the caller may see, by who reports to whom; at most 500."""
        company = self.record_or_404(pk)
        demand_field(request.user, "contact", {"company"})
        if not profile_for(request.user).allows("contact", Action.VIEW):
            return Response({"trees": [], "others": [], "is_complete": True})
        chart = org_chart(company, request.user)
        return Response(ChartSerializer(chart).data)
