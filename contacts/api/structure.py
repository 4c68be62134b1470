"""Companies in the API: the group they belong to, and who reports to whom."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from contacts.selectors.company_trees import Branch, company_tree
from contacts.selectors.relationships import Seat, org_chart
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


class Structure:
    """Adds `GET …/{id}/tree/` and `GET …/{id}/org-chart/` to the resource of companies."""

    record_or_404: Any

    @extend_schema(
        responses=OpenApiTypes.OBJECT, examples=[OpenApiExample("A group", GROUP, response_only=True)]
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def tree(self, request: Request, pk: str) -> Response:
        """Parents and subsidiaries that the caller may see, from the top; at most 300."""
        company = self.record_or_404(pk)
        return Response({"results": [_branch(one) for one in company_tree(company, request.user)]})

    @extend_schema(
        responses=OpenApiTypes.OBJECT,
        examples=[OpenApiExample("A company of two", CHART, response_only=True)],
    )
    @action(detail=True, methods=["get"], url_path="org-chart", pagination_class=None)
    def org_chart(self, request: Request, pk: str) -> Response:
        """The present people whom the caller may see, by who reports to whom; at most 500."""
        company = self.record_or_404(pk)
        if not profile_for(request.user).allows("contact", Action.VIEW):
            return Response({"trees": [], "others": [], "is_complete": True})
        chart = org_chart(company, request.user)
        trees, others = [_seat(one) for one in chart.trees], [_seat(one) for one in chart.others]
        return Response({"trees": trees, "others": others, "is_complete": chart.is_complete})


def _branch(branch: Branch) -> dict[str, Any]:
    return {
        "id": branch.company.pk,
        "name": str(branch.company),
        "is_here": branch.is_here,
        "children": [_branch(one) for one in branch.children],
    }


def _seat(seat: Seat) -> dict[str, Any]:
    return {
        "id": seat.contact.pk,
        "name": str(seat.contact),
        "title": seat.affiliation.title,
        "reports": [_seat(one) for one in seat.reports],
    }
