"""A call with a token is no session: nothing is kept of it, and no cookie is set."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from core.services.tokens import create_token
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_call_with_a_token_makes_no_session() -> None:
    user = make_user("sales")
    token = create_token(actor=user, user=user, name="script")
    answer = Client().get("/api/v1/tags/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert not Session.objects.exists()
