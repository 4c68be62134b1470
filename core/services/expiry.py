"""What is kept for a while only and goes by itself at night."""

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.models import IdempotencyKey
from core.services.base import service

ANSWERS_KEPT = timedelta(days=1)
"""How long the API repeats an answer under its Idempotency-Key."""


@service
def forget_expired(*, actor: Any) -> dict[str, int]:
    """Delete sessions that have ended, the devices that were signed in by a session that is gone, and answers of the
    API that no client waits for any more: all three tell of people. Returns how many of each."""
    now = timezone.now()
    sessions, _rows = Session.objects.filter(expire_date__lt=now).delete()
    known = Session.objects.values("session_key")
    devices, _rows = UserSession.objects.exclude(session_key__in=known).delete()
    answers, _rows = IdempotencyKey.objects.filter(created_at__lt=now - ANSWERS_KEPT).delete()
    return {"sessions": sessions, "devices": devices, "answers": answers}
