"""The outbox: events commit with the work, handlers run once, failures are tried again."""

from dataclasses import dataclass

import pytest
from django.db import transaction
from django.utils import timezone

from core.events import Event, publish, subscribe
from core.models import ChangeSet, HandledEvent, OutboxEvent, Tag
from core.outbox.dispatcher import drain

pytestmark = pytest.mark.django_db
fails = {"left": 0}


@dataclass(frozen=True)
class Happened(Event):
    name = "test.happened"
    number: int


@subscribe(Happened)
def first(event: Happened) -> None:
    Tag.objects.create(name=f"first {event.number}")


@subscribe(Happened)
def second(event: Happened) -> None:
    Tag.objects.create(name=f"second {event.number}")
    if fails["left"]:
        fails["left"] -= 1
        raise RuntimeError("not yet")


def tags() -> list[str]:
    return sorted(Tag.objects.values_list("name", flat=True))


def test_event_rolled_back_with_its_work_was_never_published() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        publish(Happened(number=1))
        raise RuntimeError
    assert OutboxEvent.objects.count() == 0


def test_every_handler_runs_once_and_the_event_is_gone() -> None:
    with transaction.atomic():
        publish(Happened(number=1))
    assert drain() == 1
    assert drain() == 0
    assert tags() == ["first 1", "second 1"]
    assert (OutboxEvent.objects.count(), HandledEvent.objects.count()) == (0, 0)
    assert set(
        ChangeSet.objects.filter(changes__model__label="core.Tag").values_list("cause", flat=True)
    ) == {"event:test.happened"}


def test_failed_handler_is_tried_again_and_the_others_are_not() -> None:
    fails["left"] = 1
    with transaction.atomic():
        publish(Happened(number=2))
    assert drain() == 0
    assert tags() == ["first 2"], "what the failed handler wrote is rolled back, the other's work stays"
    event = OutboxEvent.objects.get()
    assert event.attempts == 1
    assert "not yet" in event.error
    assert event.available_at > timezone.now()
    OutboxEvent.objects.update(available_at=timezone.now())
    assert drain() == 1
    assert tags() == ["first 2", "second 2"]


def test_events_nobody_listens_to_are_not_kept() -> None:
    @dataclass(frozen=True)
    class Unheard(Event):
        name = "test.unheard"

    with transaction.atomic():
        publish(Unheard())
    assert OutboxEvent.objects.count() == 0
