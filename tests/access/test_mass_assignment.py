"""Nothing is written that a body was not meant to write: every resource refuses fields that are not offered."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core.api.router import router
from core.api.views import Records
from tests.access.inventory import routes
from tests.access.test_matrix import changed, counters
from tests.access.world import World, make_world

pytestmark = pytest.mark.django_db
NEVER = {
    "id": 987_654_321,
    "pk": 987_654_321,
    "version": 99,
    "created_at": "2001-01-01T00:00:00Z",
    "updated_at": "2001-01-01T00:00:00Z",
    "deleted_at": "2001-01-01T00:00:00Z",
    "team": 1,
    "team_id": 1,
    "owner_id": 1,
    "is_superuser": True,
    "sort_name": "zz",
}
"""What no body may ever set, under its own name or the column's."""


@pytest.fixture
def world() -> World:
    return make_world()


def resources() -> list[tuple[str, type[Records]]]:
    """(name, viewset) of the resources of records that are written through the API."""
    return [(name, view) for _prefix, view, name in router.registry if issubclass(view, Records)]


def body_fields(view: type[Any]) -> tuple[set[str], set[str]]:
    """(those that may be written, every column of the model)."""
    serializer = view.serializer_class()
    writable = {name for name, field in serializer.fields.items() if not field.read_only}
    return writable, {field.name for field in view.model._meta.concrete_fields}


@pytest.mark.parametrize("name", [name for name, _view in resources()])
def test_fields_that_are_not_offered_are_refused_by_name(client: Client, world: World, name: str) -> None:
    view = dict(resources())[name]
    writable, columns = body_fields(view)
    forbidden = sorted((columns | set(NEVER)) - writable)
    client.force_login(world.people["admin"])  # type: ignore[arg-type]
    record = world.records.get(view.record_type)
    asked = [("POST", reverse(f"api:{name}-list"))]
    if record is not None:
        asked.append(("PATCH", reverse(f"api:{name}-detail", args=[record.pk])))
    body = {one: NEVER.get(one, 1) for one in forbidden}
    for method, url in asked:
        with transaction.atomic():
            before = counters()
            answer = client.generic(method, url, json.dumps(body), content_type="application/json")
            assert answer.status_code in (400, 405), (method, url, answer.content)
            assert before == counters(), changed(before, counters())
        if answer.status_code == 400:
            assert set(forbidden) <= set(answer.json()["errors"]), (method, url)


def test_no_other_body_writes_them_either(client: Client, world: World) -> None:
    """Every other URL of the API that writes, with nothing but what must not be written: whatever it answers,
    no record of the world has got any of it."""
    client.force_login(world.people["admin"])  # type: ignore[arg-type]
    tried = 0
    for route in routes():
        if not route.api or route.method not in ("POST", "PUT", "PATCH") or route.name.endswith("_schema"):
            continue
        record = world.records.get(route.rule.name)
        kwargs = {name: getattr(record, "pk", 1) if name == "pk" else 1 for name in route.parameters}
        kwargs.pop("format", None)
        with transaction.atomic():
            url = reverse(route.name, kwargs=kwargs)
            client.generic(route.method, url, json.dumps(NEVER), content_type="application/json")
            for one in world.records.values():
                rows = one.__class__._base_manager
                now = rows.get(pk=one.pk)
                assert now.created_at == one.created_at, (route, one)
                assert getattr(now, "team_id", None) == getattr(one, "team_id", None), (route, one)
                assert getattr(now, "version", 0) != 99, (route, one)
                assert not rows.filter(pk=987_654_321).exists(), (route, one)
            transaction.set_rollback(True)
        tried += 1
    assert tried > 60
