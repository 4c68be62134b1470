"""What goes by itself at night."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from core.models import IdempotencyKey
from core.tasks import forget_expired
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_ended_sessions_and_old_answers_go_and_those_in_use_stay() -> None:
    user, now = make_user("sales"), timezone.now()
    ended, kept = Client(), Client()
    for client in (ended, kept):
        client.force_login(user)
        client.get("/")
    Session.objects.filter(pk=ended.session.session_key).update(expire_date=now - timedelta(seconds=1))
    for key in (ended.session.session_key, kept.session.session_key, "signed-out-long-ago"):
        UserSession.objects.update_or_create(
            session_key=key, defaults={"user": user, "ip": "127.0.0.1", "user_agent": "x"}
        )
    for key, age in (("old", timedelta(days=1, minutes=1)), ("new", timedelta(hours=23))):
        row = IdempotencyKey.objects.create(user=user, key=key, request_digest="x")
        IdempotencyKey.objects.filter(pk=row.pk).update(created_at=now - age)
    assert forget_expired() == {"sessions": 1, "devices": 2, "answers": 1}
    assert list(Session.objects.values_list("pk", flat=True)) == [kept.session.session_key]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [kept.session.session_key]
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]
    assert kept.get("/").status_code == 200
