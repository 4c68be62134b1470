"""Carries events to their handlers: claims with SKIP LOCKED, marks each (event, handler), deletes."""

import logging
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.history.context import acting
from core.models import HandledEvent, OutboxEvent
from core.outbox.events import Handler, handlers_of, rebuild

logger = logging.getLogger("crm.outbox")
MAX_ATTEMPTS = 8


def drain(limit: int = 1000) -> int:
    """Dispatch up to `limit` due events; returns how many were finished. Safe to run in parallel."""
    finished = 0
    for _turn in range(limit):
        state = _dispatch_one()
        if state is None:
            break
        finished += state
    return finished


def _dispatch_one() -> int | None:
    with transaction.atomic():
        event = (
            OutboxEvent.objects.select_for_update(skip_locked=True)
            .filter(available_at__lte=timezone.now(), attempts__lt=MAX_ATTEMPTS)
            .order_by("id")
            .first()
        )
        if event is None:
            return None
        failed = [error for name, handler in handlers_of(event.name) if (error := _run(event, name, handler))]
        if not failed:
            HandledEvent.objects.filter(event_id=event.pk).delete()
            event.delete()
            return 1
        event.attempts += 1
        event.error = "\n".join(failed)[:4000]
        event.available_at = timezone.now() + timedelta(seconds=2**event.attempts)
        event.save(update_fields=["attempts", "error", "available_at"])
        return 0


def _run(event: OutboxEvent, name: str, handler: Handler) -> str:
    """Run one handler once, in a savepoint with its mark; the error's text, or an empty string."""
    value = rebuild(event.name, event.payload)
    if value is None:
        return ""
    try:
        with transaction.atomic(), acting(event.actor_id, cause=f"event:{event.name}"):
            HandledEvent.objects.create(event_id=event.pk, handler=name)
            handler(value)
    except IntegrityError as error:
        if "core_handledevent_once" in str(error):
            return ""
        return _report(event, name, error)
    except Exception as error:  # noqa: BLE001  a handler may fail in any way; the event stays and is tried again
        return _report(event, name, error)
    return ""


def _report(event: OutboxEvent, name: str, error: Exception) -> str:
    logger.exception("handler failed", extra={"event": event.name, "event_id": event.pk, "handler": name})
    return f"{name}: {type(error).__name__}: {error}"
