"""Next steps of open deals: what is planned with whom, some of it overdue, some deals without any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contacts.models import Activity, ActivityLink
from demo.copying import copy_rows, reserve_ids
from demo.parties import Known
from demo.words import MEETINGS, TASKS
from demo.world import World

WITHOUT = 0.12
"""The part of open deals that nobody has planned anything for."""


@dataclass(frozen=True)
class Step:
    """One planned activity."""

    id: int
    kind: str
    subject: str
    due: datetime


def plan_step(world: World, pk: int) -> Step | None:
    """A step at a quarter hour of a working day, from five days ago to two weeks ahead."""
    random = world.random
    if random.random() < WITHOUT:
        return None
    kind = random.choice(("call", "call", "email", "meeting", "task"))
    subject = {
        "call": "Call",
        "email": random.choice(("Send the offer", "Answer the questions", "Send references")),
        "meeting": random.choice(MEETINGS),
        "task": random.choice(TASKS),
    }[kind]
    day = world.now + timedelta(days=random.choice((-5, -2, -1, 0, 0, 1, 1, 2, 3, 4, 6, 8, 11, 14)))
    due = day.replace(
        hour=random.randint(8, 16), minute=random.choice((0, 15, 30, 45)), second=0, microsecond=0
    )
    return Step(pk, kind, subject, due)


def reserve(count: int) -> Sequence[int]:
    """Keys for that many activities."""
    return reserve_ids(Activity, count)


def write_steps(world: World, planned: Sequence[tuple[int, Known, Step]]) -> None:
    """The activities of (deal, contact, step) and their links to the deals."""

    def row(contact: Known, step: Step) -> tuple[Any, ...]:
        firm = contact.firm.id if contact.firm else None
        owner = contact.owner
        return (
            step.id,
            step.kind,
            contact.id,
            firm,
            step.subject,
            step.due,
            world.now,
            owner.pk,
            owner.team_id,
        )

    names = ("id", "kind", "contact", "company", "subject", "due_at", "occurred_at", "owner", "team")
    copy_rows(Activity, names, (row(contact, step) for _deal, contact, step in planned))
    links = ((step.id, "deal", deal) for deal, _contact, step in planned)
    copy_rows(ActivityLink, ("activity", "record_type", "object_id"), links)
