"""Events that core publishes, and the way to publish: `publish(event)` inside the writer's transaction."""

from dataclasses import dataclass

from core.outbox.events import Event, publish, subscribe

__all__ = [
    "Event",
    "JobFinished",
    "RecordChanged",
    "RecordDeleted",
    "RecordRestored",
    "RecordUndone",
    "TagsMerged",
    "publish",
    "subscribe",
]


@dataclass(frozen=True)
class RecordChanged(Event):
    """Fields of a record were edited. Published for records that somebody follows."""

    name = "core.record_changed"
    record_type: str
    object_id: int
    fields: list[str]
    version: int


@dataclass(frozen=True)
class RecordDeleted(Event):
    """A record went to the recycle bin."""

    name = "core.record_deleted"
    record_type: str
    object_id: int


@dataclass(frozen=True)
class RecordRestored(Event):
    """A record came back from the recycle bin."""

    name = "core.record_restored"
    record_type: str
    object_id: int


@dataclass(frozen=True)
class RecordUndone(Event):
    """Somebody took back what they had changed of a record."""

    name = "core.record_undone"
    record_type: str
    object_id: int


@dataclass(frozen=True)
class JobFinished(Event):
    """A job reached a final state."""

    name = "core.job_finished"
    job_id: int


@dataclass(frozen=True)
class TagsMerged(Event):
    """Tags became one; what asks for one of them by its id has to ask for `into_id`."""

    name = "core.tags_merged"
    tag_ids: list[int]
    into_id: int
