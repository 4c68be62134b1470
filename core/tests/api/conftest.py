"""A seller with a contact of their own, a stranger, and a way to call the API."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import User
from core.tests.factories import make_role, make_team, make_user

OWN = "view:own,add:own,change:own,delete:own,export:own"
Send = Callable[..., Any]
Cost = Callable[..., int]


@pytest.fixture
def seller() -> User:
    """Sees and changes what is their own."""
    role = make_role("own", **dict.fromkeys(("contact", "company", "document", "comment", "tag"), OWN))
    return make_user(role, make_team("North"), name="Sally Seller")


@pytest.fixture
def send(client: Client) -> Send:
    """`send(user, "POST", "tags/", name="x")`: the answer of `/api/v1/tags/`."""

    def call(user: User, method: str, path: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
        client.force_login(user)
        return client.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body) if method != "GET" else "",
            content_type="application/json",
            headers=headers,
        )

    return call


@pytest.fixture
def cost(client: Client) -> Cost:
    """`cost(user, "tags/", "files/")`: how many queries reading these takes together."""

    def count(user: User, *paths: str) -> int:
        client.force_login(user)
        client.get("/api/v1/jobs/")  # what the first request of a session costs
        with CaptureQueriesContext(connection) as queries:
            for path in paths:
                assert client.get(f"/api/v1/{path}").status_code == 200, path
        return len(queries)

    return count
