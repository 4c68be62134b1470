"""`/livez` and `/readyz`: whether the process answers, and whether what it needs does."""

from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_ready_says_which_part_is_away_and_alive_stays_alive(client: Client, settings: Any) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "redis": "ok"})
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "database": "ok", "redis": "away"}
    assert client.get("/livez").status_code == 200
