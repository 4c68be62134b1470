"""How often a token may call: counted for each one apart, refused as a problem that says when to come back."""

import pytest
from django.test import Client

from core.api.throttling import TokenRateThrottle
from core.services.tokens import create_token
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_token_that_calls_too_often_waits_and_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TokenRateThrottle, "THROTTLE_RATES", {"token": "3/minute"})
    user = make_user("sales")
    busy, other = (create_token(actor=user, user=user, name=name) for name in ("busy", "other"))

    def call(token: str) -> tuple[int, str, str]:
        answer = Client().get("/api/v1/tags/", headers={"Authorization": f"Bearer {token}"})
        return answer.status_code, answer.headers["Content-Type"], answer.headers.get("Retry-After", "")

    assert [call(busy)[0] for _call in range(4)] == [200, 200, 200, 429]
    status, kind, wait = call(busy)
    assert (status, kind) == (429, "application/problem+json")
    assert 0 < int(wait) <= 61  # rounded up
    assert call(other)[0] == 200
