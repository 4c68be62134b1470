"""Publishing and subscribing. An event is a frozen dataclass of ids with a class attribute `name`."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeVar

from django.db import connection, transaction

from core.history.context import current


@dataclass(frozen=True)
class Event:
    """Base of all events; subclasses set `name` (`app.what_happened`) and hold ids and plain values."""

    name: ClassVar[str]


E = TypeVar("E", bound=Event)
Other = TypeVar("Other", bound=Event)
Handler = Callable[[Any], None]

_types: dict[str, type[Event]] = {}
_handlers: dict[str, list[tuple[str, Handler]]] = defaultdict(list)


def subscribe(
    event_type: type[E],
) -> Callable[[Callable[[E | Other], None]], Callable[[E | Other], None]]:
    """Decorator: call the function for every event of the type, at least once, later, in a worker.

    The dispatcher runs each handler in its own transaction together with the mark that it ran, so that
    database work happens exactly once. A function may be subscribed to several types (`Other`).
    """

    def register(function: Callable[[E | Other], None]) -> Callable[[E | Other], None]:
        _types[event_type.name] = event_type
        _handlers[event_type.name].append((f"{function.__module__}.{function.__qualname__}", function))
        return function

    return register


def handlers_of(name: str) -> list[tuple[str, Handler]]:
    return list(_handlers.get(name, ()))


def rebuild(name: str, payload: dict[str, Any]) -> Event | None:
    """The event as it was published, or None when nobody subscribes to its type any more."""
    event_type = _types.get(name)
    return event_type(**payload) if event_type else None


def publish(event: Event) -> None:
    """Write the event to the outbox in the running transaction; workers are woken after its commit.

    An event that nobody subscribes to is not written.
    """
    from core.models import OutboxEvent

    if not connection.in_atomic_block:
        raise RuntimeError("publish() belongs inside a transaction: call it from a service")
    if not _handlers.get(event.name):
        return
    acting = current()
    OutboxEvent.objects.create(
        name=event.name, payload=asdict(event), actor_id=acting.actor_id if acting else None
    )
    transaction.on_commit(_wake)


def _wake() -> None:
    from core.outbox.wake import wake_dispatcher

    wake_dispatcher()
