"""Activities, and the timeline filled up to ten entries a contact."""

from collections.abc import Iterator
from datetime import timedelta
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


def _activity(world: World, pk: int, contact: Known, entries: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    random = world.random
    kind = random.choice(("call", "call", "note", "email", "meeting", "task"))
    at = world.moment(contact.created)
    firm = contact.firm.id if contact.firm else None
    owner = contact.owner
    due = done = None
    subject, body, outcome, direction, minutes = "", "", "", "", None
    if kind == "call":
        body, outcome, direction, minutes = (
            random.choice(CALL_NOTES),
            random.choice(OUTCOMES),
            "out",
            random.randint(1, 25),
        )
    elif kind == "note":
        body = random.choice(NOTES)
    elif kind == "email":
        subject, body, direction = (
            random.choice(MAILS),
            random.choice(CALL_NOTES),
            random.choice(("in", "out")),
        )
    elif kind == "meeting":
        subject, minutes = random.choice(MEETINGS), random.choice((30, 45, 60))
    else:
        subject = random.choice(TASKS)
        open_task = random.random() < 0.2
        due = world.now + timedelta(days=random.randint(-5, 12)) if open_task else at + timedelta(days=3)
        done = None if open_task else min(due, world.now)
    data = {"outcome": outcome, "minutes": minutes, "direction": direction}
    if done or kind != "task":
        contact.touch(done or at)
        entries.append(
            (
                contact.id,
                firm,
                kind,
                done or at,
                owner.pk,
                subject,
                body,
                data,
                "activity",
                pk,
                f"activity:{pk}",
            )
        )
    return (
        pk,
        kind,
        contact.id,
        firm,
        subject,
        body,
        outcome,
        direction,
        minutes,
        due,
        done,
        at,
        owner.pk,
        owner.team_id,
        min(at, world.now),
    )


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
