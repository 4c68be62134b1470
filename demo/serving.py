"""Tickets with their conversations: most of them solved, some of today still open, some overdue."""

from datetime import datetime, timedelta
from typing import Any

from contacts.models import TimelineEntry
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


def _ticket(
    world: World, pk: int, contact: Known, queue: Queue, at: datetime, *, may_be_open: bool
) -> dict[str, Any]:
    """The row of a ticket, its messages and its lines on the timeline."""
    random = world.random
    subject, text = random.choice(TICKETS)
    subject = subject % {"n": random.randint(1, 9)} if "%" in subject else subject
    status = (
        random.choice(("new", "open", "waiting", "solved"))
        if may_be_open
        else random.choice(("solved", "closed"))
    )
    priority = random.choice(("low", "normal", "normal", "high"))
    agent = random.choice(world.agents)
    answered = None if status == "new" else min(at + timedelta(minutes=random.randint(20, 400)), world.now)
    solved = (
        min(at + timedelta(hours=random.randint(3, 60)), world.now)
        if status in ("solved", "closed")
        else None
    )
    clock = started(queue.policy, priority, at)
    due = NO_DEADLINE
    if solved is None:
        running = clock["resolution_due_at"] if status != "waiting" else NO_DEADLINE
        due = min(clock["first_response_due_at"], running) if answered is None else running
    name, firm = contact.person.given + " " + contact.person.family, contact.firm.id if contact.firm else None
    messages: list[tuple[Any, ...]] = [
        (pk, "in", None, contact.id, name, contact.email, subject, text, at, "")
    ]
    entries: list[tuple[Any, ...]] = [
        (
            contact.id,
            firm,
            "ticket.opened",
            at,
            None,
            subject,
            text,
            {"number": pk},
            pk,
            f"ticket:{pk}:opened",
        )
    ]
    if answered is not None:
        messages.append((pk, "out", agent.pk, None, agent.name, "", subject, ANSWER, answered, "sent"))
        entries.append(
            (
                contact.id,
                firm,
                "ticket.reply",
                answered,
                agent.pk,
                subject,
                ANSWER,
                {"number": pk},
                pk,
                f"ticket:{pk}:seed:1",
            )
        )
    if solved is not None:
        messages.append((pk, "out", agent.pk, None, agent.name, "", subject, SOLVED, solved, "sent"))
        entries.append(
            (
                contact.id,
                firm,
                "ticket.solved",
                solved,
                agent.pk,
                subject,
                "",
                {"number": pk},
                pk,
                f"ticket:{pk}:seed:2",
            )
        )
    row = (
        pk, subject, sort_key(f"{subject} {name} {contact.email}", 500), status, priority, contact.id, firm,
        random.choice(("mail", "form")), name, contact.email, at, solved or answered or at, at,
        clock["first_response_due_at"], answered, clock["resolution_due_at"], due, solved,
        f"{random.getrandbits(240):060x}"[:43], agent.pk if status != "new" else None, agent.team_id, at,
    )  # fmt: skip
    last = max(entry[3] for entry in entries)
    return {"row": row, "messages": messages, "entries": entries, "last": last, "solved": solved}
