"""The description of the API is valid, whole and true."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import path
from drf_spectacular.drainage import reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from rest_framework.views import APIView

from core.api.router import router


class Undescribed(APIView):
    """A view of which nobody says what it takes and answers."""

    def get(self, request: Any) -> None: ...


urlpatterns = [path("api/v1/undescribed/", Undescribed.as_view())]


def describe(tmp_path: Any) -> None:
    """Raises CommandError where the description is not valid or the generator had to guess."""
    reset_generator_stats()  # it counts for the whole process
    try:
        call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))
    finally:
        reset_generator_stats()


@pytest.mark.django_db
def test_description_is_valid_and_without_warnings(tmp_path: Any) -> None:
    describe(tmp_path)
    assert "/api/v1/contacts/:" in (tmp_path / "schema.yaml").read_text(encoding="utf-8")


def test_a_view_that_nobody_described_is_refused(tmp_path: Any, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    with pytest.raises(CommandError):
        describe(tmp_path)


@pytest.mark.django_db
def test_lists_problems_and_headers_are_described_as_they_are() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    contacts = schema["paths"]["/api/v1/contacts/"]
    page = contacts["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    component = schema["components"]["schemas"][page["$ref"].rpartition("/")[2]]
    assert set(component["properties"]) == {"results", "next", "count", "count_is_exact"}
    parameters = {one["name"] for one in contacts["get"]["parameters"]}
    assert {"cursor", "page_size", "where", "q", "city", "near", "tags"} <= parameters
    assert "Idempotency-Key" in {one["name"] for one in contacts["post"]["parameters"]}
    change = schema["paths"]["/api/v1/contacts/{id}/"]["patch"]
    assert "If-Match" in {one["name"] for one in change["parameters"]}
    assert "application/problem+json" in change["responses"]["default"]["content"]


@pytest.mark.django_db
def test_every_operation_says_what_it_is_for() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    silent = [
        f"{method} {path}"
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
        if not operation.get("description")
    ]
    assert silent == []
    assert {prefix for prefix, _view, _name in router.registry} <= {
        path.removeprefix("/api/v1/").partition("/")[0] for path in schema["paths"]
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/api/v1/companies/{id}/tree/", {"results"}),
        ("/api/v1/companies/{id}/org-chart/", {"trees", "others", "is_complete"}),
        ("/api/v1/data-quality/", {"record_type", "day", "measures", "dimensions", "teams", "sources"}),
        ("/api/v1/segments/{id}/why/", {"contact", "reason", "history"}),
        ("/api/v1/segments/{id}/overlap/", {"segments", "exact", "pairs"}),
        ("/api/v1/personas/{id}/portrait/", {"people", "looked_at", "typical", "spreads"}),
    ],
)
def test_answers_with_trees_and_figures_say_what_they_hold(path: str, names: set[str]) -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    components = schema["components"]["schemas"]
    answer = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(components[answer["$ref"].rpartition("/")[2]]["properties"]) == names
    assert components["Branch"]["properties"]["children"]["items"] == {"$ref": "#/components/schemas/Branch"}
    assert components["Seat"]["properties"]["reports"]["items"] == {"$ref": "#/components/schemas/Seat"}
