"""Tickets with their conversations: most of them solved, some of today still open, some overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contacts.models import TimelineEntry
from core.models import User
from core.text import sort_key
from demo.copying import copy_rows, reserve_ids
from demo.parties import Known
from demo.surveys import Solved, seed_surveys
from demo.words import TICKETS
from demo.world import World
from service.models import NO_DEADLINE, Message, Queue, Ticket
from service.services.deadlines import started

TICKETS_PER_CONTACT = 0.12
OPEN_DAYS = 4
"""Tickets that were opened within these last days may still be open."""
ANSWER = "Thank you for your message. We are looking into it and come back to you today."
SOLVED = "This is solved now. Please answer this mail if anything is still wrong."


def seed_tickets(world: World, known: list[Known]) -> int:
    """Tickets of customers by mail and by the help form; returns the timeline entries made."""
    customers = [contact for contact in known if contact.stage == "customer"] or known
    queue = Queue.objects.select_related("policy").get(is_default=True)
    count = max(int(world.contacts * TICKETS_PER_CONTACT), 8)
    tickets: list[tuple[Any, ...]] = []
    messages: list[tuple[Any, ...]] = []
    entries: list[tuple[Any, ...]] = []
    solved: list[Solved] = []
    for number, pk in enumerate(reserve_ids(Ticket, count)):
        recent = number < max(count // 20, 6)
        contact = world.random.choice(customers)
        since = world.now - timedelta(days=OPEN_DAYS) if recent else contact.created
        at = world.moment(max(since, contact.created))
        ticket = _ticket(world, pk, contact, queue, at, may_be_open=recent)
        tickets.append(ticket["row"])
        messages += ticket["messages"]
        entries += ticket["entries"]
        contact.touch(ticket["last"])
        if ticket["solved"] is not None:
            solved.append(Solved(pk, ticket["row"][1], contact, ticket["solved"]))
    copy_rows(Ticket, TICKET_FIELDS, tickets, queue=queue.pk)
    copy_rows(Message, MESSAGE_FIELDS, messages)
    entries += seed_surveys(world, solved)
    return copy_rows(TimelineEntry, ENTRY_FIELDS, entries, record_type="ticket")


TICKET_FIELDS = (
    "id", "subject", "search_text", "status", "priority", "contact", "company", "channel", "requester_name",
    "requester_address",
    "opened_at", "last_message_at", "last_customer_message_at", "first_response_due_at", "first_responded_at",
    "resolution_due_at", "next_due_at", "solved_at", "token", "owner", "team", "created_at",
)  # fmt: skip
MESSAGE_FIELDS = (
    "ticket",
    "direction",
    "author",
    "contact",
    "from_name",
    "from_address",
    "subject",
    "text",
    "at",
    "delivery",
)
ENTRY_FIELDS = (
    "contact",
    "company",
    "kind",
    "occurred_at",
    "actor",
    "title",
    "body",
    "data",
    "object_id",
    "dedupe_key",
)


@dataclass(frozen=True)
class _Course:
    """How a ticket went: who dealt with it, until when, and what is due."""

    status: str
    priority: str
    agent: User
    at: datetime
    answered: datetime | None
    solved: datetime | None
    clock: dict[str, Any]

    @property
    def due(self) -> datetime:
        """The deadline that runs now, as the queue's policy says."""
        if self.solved is not None:
            return NO_DEADLINE
        running = self.clock["resolution_due_at"] if self.status != "waiting" else NO_DEADLINE
        return min(self.clock["first_response_due_at"], running) if self.answered is None else running


def _course(world: World, queue: Queue, at: datetime, *, may_be_open: bool) -> _Course:
    random = world.random
    status = random.choice(("new", "open", "waiting", "solved") if may_be_open else ("solved", "closed"))
    priority = random.choice(("low", "normal", "normal", "high"))
    agent = random.choice(world.agents)
    answered = solved = None
    if status != "new":
        answered = min(at + timedelta(minutes=random.randint(20, 400)), world.now)
    if status in ("solved", "closed"):
        solved = min(at + timedelta(hours=random.randint(3, 60)), world.now)
    return _Course(status, priority, agent, at, answered, solved, started(queue.policy, priority, at))


def _ticket(
    world: World, pk: int, contact: Known, queue: Queue, at: datetime, *, may_be_open: bool
) -> dict[str, Any]:
    """The row of a ticket, its messages and its lines on the timeline."""
    random = world.random
    subject, text = random.choice(TICKETS)
    subject = subject % {"n": random.randint(1, 9)} if "%" in subject else subject
    course = _course(world, queue, at, may_be_open=may_be_open)
    name, firm = contact.person.given + " " + contact.person.family, contact.firm.id if contact.firm else None
    entries = _entries(pk, contact, course, subject, text)
    row = (
        pk, subject, sort_key(f"{subject} {name} {contact.email}", 500), course.status, course.priority,
        contact.id, firm, random.choice(("mail", "form")), name, contact.email,
        at, course.solved or course.answered or at, at, course.clock["first_response_due_at"], course.answered,
        course.clock["resolution_due_at"], course.due, course.solved, f"{random.getrandbits(240):060x}"[:43],
        course.agent.pk if course.status != "new" else None, course.agent.team_id, at,
    )  # fmt: skip
    return {
        "row": row,
        "messages": _messages(pk, contact, name, course, subject, text),
        "entries": entries,
        "last": max(entry[3] for entry in entries),
        "solved": course.solved,
    }


def _messages(
    pk: int, contact: Known, name: str, course: _Course, subject: str, text: str
) -> list[tuple[Any, ...]]:
    """The customer's mail, and what the agent answered."""
    agent = course.agent
    asked = (pk, "in", None, contact.id, name, contact.email, subject, text, course.at, "")
    return [
        asked,
        *(
            (pk, "out", agent.pk, None, agent.name, "", subject, words, at, "sent")
            for words, at in ((ANSWER, course.answered), (SOLVED, course.solved))
            if at is not None
        ),
    ]


def _entries(pk: int, contact: Known, course: _Course, subject: str, text: str) -> list[tuple[Any, ...]]:
    """What the timeline tells of the ticket."""
    firm, agent = contact.firm.id if contact.firm else None, course.agent.pk
    told = (
        ("ticket.opened", course.at, None, text, "opened"),
        ("ticket.reply", course.answered, agent, ANSWER, "seed:1"),
        ("ticket.solved", course.solved, agent, "", "seed:2"),
    )
    return [
        (contact.id, firm, kind, at, actor, subject, body, {"number": pk}, pk, f"ticket:{pk}:{mark}")
        for kind, at, actor, body, mark in told
        if at is not None
    ]
