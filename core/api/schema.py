"""How OpenAPI describes what every resource has in common: pages, filters, problems, ETag, Idempotency-Key."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.pagination import BasePagination

from core.conditions.compile import usable_criteria
from core.conditions.criteria import criteria_for

IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="the ETag that was read; 412 if it is old",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="up to 200 characters; the same key again within a day repeats the first answer and does nothing",
)
PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "properties": {
        "type": {"type": "string", "example": "about:blank"},
        "title": {"type": "string", "example": "Some values can't be used."},
        "status": {"type": "integer", "example": 400},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "additionalProperties": True,
            "description": "by field, what to mend",
            "example": {"name": ["This field may not be blank."]},
        },
    },
    "required": ["type", "title", "status"],
}


class KeysetPages(BasePagination):
    """A list's page as OpenAPI describes it; the resources make their pages themselves."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next", "count", "count_is_exact"],
            "properties": {
                "results": schema,
                "next": {"type": "string", "nullable": True, "description": "the next page's `cursor`"},
                "count": {"type": "integer", "example": 3},
                "count_is_exact": {"type": "boolean", "description": "beyond 10,000 it is an estimate"},
            },
        }


class Results(BasePagination):
    """All rows of a record under `results`."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "required": ["results"], "properties": {"results": schema}}


class ResourceSchema(AutoSchema):
    """Adds the headers that writing obeys, and the filters that a list of records takes."""

    def get_override_parameters(self) -> list[Any]:
        own = list(super().get_override_parameters())
        view: Any = self.view
        action = getattr(view, "action", "")
        if action in ("partial_update", "destroy"):
            own.append(IF_MATCH)
        if self.method == "POST":
            own.append(IDEMPOTENCY_KEY)
        if action == "list" and view.list.__module__ == "core.api.views":  # not one of the resource's own
            if view.searchable:
                own.append(
                    OpenApiParameter("q", OpenApiTypes.STR, description="words, as in the list's search")
                )
            own.extend(filter_parameters(view.record_type, getattr(view.request, "user", None)))
        return own


def filter_parameters(record_type: str, reader: Any) -> list[OpenApiParameter]:
    """One for each thing that the reader may filter a list by, with the further comparisons in words."""
    known = usable_criteria(record_type, reader) if reader is not None else criteria_for(record_type)
    found = []
    for key, criterion in sorted(known.items()):
        if "/" in key or not key.isascii():
            continue
        first, *others = criterion.ops
        more = ", ".join(f"`{key}__{op}`" for op in others)
        text = f"{criterion.label} ({first})" + (f"; also {more}" if more else "")
        found.append(OpenApiParameter(key, OpenApiTypes.STR, description=text))
    return found


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Every operation may answer with a problem."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    answer = {
        "description": "a problem: not signed in, not allowed, not there, not valid",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in result.get("paths", {}).values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].setdefault("default", answer)
    return result
