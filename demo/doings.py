"""Activities, and the timeline filled up to ten entries a contact."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contacts.models import Activity, TimelineEntry
from demo.copying import copy_rows, reserve_ids
from demo.parties import Known
from demo.words import CALL_NOTES, MAILS, MEETINGS, NOTES, TASKS
from demo.world import World

OUTCOMES = ("connected", "connected", "no_answer", "voicemail", "busy")
ENTRIES_PER_CONTACT = 10


def seed_activities(world: World, known: list[Known]) -> int:
    """One activity a contact, each with its line on the timeline; some open tasks around today."""
    ids = reserve_ids(Activity, len(known))
    entries: list[tuple[Any, ...]] = []
    names = (
        "id",
        "kind",
        "contact",
        "company",
        "subject",
        "body",
        "outcome",
        "direction",
        "duration_minutes",
        "due_at",
        "done_at",
        "occurred_at",
        "owner",
        "team",
        "created_at",
    )

    def rows() -> Iterator[tuple[Any, ...]]:
        for pk, contact in zip(ids, known, strict=True):
            yield _activity(world, pk, contact, entries)

    copy_rows(Activity, names, rows())
    entry_names = (
        "contact",
        "company",
        "kind",
        "occurred_at",
        "actor",
        "title",
        "body",
        "data",
        "record_type",
        "object_id",
        "dedupe_key",
    )
    return copy_rows(TimelineEntry, entry_names, entries)


@dataclass
class _Words:
    """What an activity of one kind says; a task also has its time."""

    subject: str = ""
    body: str = ""
    outcome: str = ""
    direction: str = ""
    minutes: int | None = None
    due: datetime | None = None
    done: datetime | None = None


def _words(world: World, kind: str, at: datetime) -> _Words:
    random = world.random
    if kind == "call":
        body, outcome = random.choice(CALL_NOTES), random.choice(OUTCOMES)
        return _Words(body=body, outcome=outcome, direction="out", minutes=random.randint(1, 25))
    if kind == "note":
        return _Words(body=random.choice(NOTES))
    if kind == "email":
        subject, body = random.choice(MAILS), random.choice(CALL_NOTES)
        return _Words(subject=subject, body=body, direction=random.choice(("in", "out")))
    if kind == "meeting":
        return _Words(subject=random.choice(MEETINGS), minutes=random.choice((30, 45, 60)))
    subject = random.choice(TASKS)
    if random.random() < 0.2:
        return _Words(subject=subject, due=world.now + timedelta(days=random.randint(-5, 12)))
    due = at + timedelta(days=3)
    return _Words(subject=subject, due=due, done=min(due, world.now))


def _activity(world: World, pk: int, contact: Known, entries: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The row of one activity; its line on the timeline is put to `entries`, an open task has none."""
    kind = world.random.choice(("call", "call", "note", "email", "meeting", "task"))
    at = world.moment(contact.created)
    firm, owner = contact.firm.id if contact.firm else None, contact.owner
    words = _words(world, kind, at)
    if words.done or kind != "task":
        happened = words.done or at
        contact.touch(happened)
        data = {"outcome": words.outcome, "minutes": words.minutes, "direction": words.direction}
        entries.append((
            contact.id, firm, kind, happened, owner.pk, words.subject, words.body, data, "activity", pk,
            f"activity:{pk}",
        ))  # fmt: skip
    return (
        pk, kind, contact.id, firm, words.subject, words.body, words.outcome, words.direction, words.minutes,
        words.due, words.done, at, owner.pk, owner.team_id, min(at, world.now),
    )  # fmt: skip


def fill_timeline(world: World, known: list[Known], have: int) -> int:
    """Mails sent and opened, until there are ten entries for each contact; returns how many were added."""
    missing = max(len(known) * ENTRIES_PER_CONTACT - have, 0)
    random = world.random
    choice, integer = random.choice, random.randint
    seconds = int((world.now - world.start).total_seconds())
    titles = MAILS

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(missing):
            contact = choice(known)
            at = world.start + timedelta(seconds=integer(0, seconds))
            kind = "email" if number % 3 else "note"
            contact.touch(at)
            firm = contact.firm.id if contact.firm else None
            yield (contact.id, firm, kind, at, contact.owner.pk, choice(titles), "", f"seed:{number}")

    names = ("contact", "company", "kind", "occurred_at", "actor", "title", "body", "dedupe_key")
    return copy_rows(TimelineEntry, names, rows())
