"""Putting something into a person's inbox."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise

from core.models import Notification, User
from core.services.base import service

Words = str | Promise | Callable[[], str]
"""What somebody is told: text that a person wrote, or words that are made when their language is set."""
NO_REPORT = "no_quality_report"
"""The key of `User.preferences` by which somebody says no to the weekly report of their records' flaws."""


@service
def notify(
    *,
    actor: Any,
    user: User,
    kind: str,
    text: Words,
    record_type: str = "",
    object_id: int | None = None,
    url: str = "",
    dedupe_key: str | None = None,
) -> None:
    """Write a notification in the language of whom it is for; with a `dedupe_key` the same thing is told once.
    Nobody is told what they did themselves, except the end of their own jobs."""
    if actor is not None and actor.pk == user.pk and kind != "job":
        return
    with translation.override(user.language or settings.LANGUAGE_CODE):
        words = str(text() if callable(text) else text)
    Notification.objects.bulk_create(
        [
            Notification(
                user=user,
                kind=kind,
                text=words[:300],
                record_type=record_type,
                object_id=object_id,
                url=url,
                dedupe_key=dedupe_key,
            )
        ],
        ignore_conflicts=True,
    )


@service
def mark_read(*, actor: Any, notification: Notification) -> None:
    """Note that the person has seen it; doing it again changes nothing."""
    Notification.objects.filter(pk=notification.pk, user=actor, read_at__isnull=True).update(
        read_at=timezone.now()
    )


@service
def mark_all_read(*, actor: Any) -> int:
    """Note that the person has seen everything; returns how many were unread."""
    return Notification.objects.filter(user=actor, read_at__isnull=True).update(read_at=timezone.now())
