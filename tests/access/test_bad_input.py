"""Every form of every page with input that nobody means: it is refused in words or taken as it is, never a
failure of the server."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.access.inventory import TYPE, Route, routes
from tests.access.world import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HOSTILE = (
    "\x00", "9" * 400, "2024-02-31", "٣", "𝕏" * 6_000, "{{ settings }}", "1e400", '{"a": 1}', "0001-01-01",
)  # fmt: skip
"""NUL, numbers past every column, days that are none, letters of four bytes, texts longer than any field."""


@pytest.fixture
def world() -> World:
    return make_world()


def address(route: Route, world: World) -> str | None:
    """The page of the record that the world has of the type, if it takes no other parameter."""
    record = world.records.get(route.rule.name)
    if set(route.parameters) - {"pk", "record_type"} or ("pk" in route.parameters and record is None):
        return None
    given = {"pk": getattr(record, "pk", None), "record_type": route.rule.name or "contact"}
    try:
        return reverse(route.name, kwargs={name: given[name] for name in route.parameters})
    except NoReverseMatch:
        return None


def fields_of(response: Any) -> list[str]:
    """The names that the page's forms send: those of the form in the context, and of its condition rows."""
    form = (response.context or {}).get("form") if response.status_code == 200 else None
    names = [bound.html_name for bound in form] if form is not None and hasattr(form, "fields") else []
    return [name for name in names if name != "version"]


def test_no_form_breaks(world: World) -> None:
    client = Client(raise_request_exception=False)
    admin = world.people["admin"]
    assert admin is not None
    client.force_login(admin)
    wrong, tried = [], 0
    for route in routes():
        url = (
            address(route, world)
            if route.method == "POST" and not route.api and route.rule.kind == TYPE
            else None
        )
        if url is None:
            continue
        names = fields_of(client.get(url))
        tried += bool(names)
        for value in HOSTILE if names else ():
            with transaction.atomic():
                answer = client.post(url, dict.fromkeys(names, value))
                transaction.set_rollback(True)
            if answer.status_code >= 500:
                wrong.append(f"{route.name}: {value[:12]!r}: {answer.status_code}")
    assert tried > 15
    assert not wrong, "\n".join(wrong)
