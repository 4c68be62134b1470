"""The deadlines of a ticket: started when it is opened, stopped while the customer has the next step."""

from datetime import datetime, timedelta
from typing import Any

from service.enums import TicketStatus
from service.models import NO_DEADLINE, SlaPolicy, Ticket
from service.rules import CLOCK_RUNS, DONE_STATUSES


def started(policy: SlaPolicy | None, priority: str, at: datetime) -> dict[str, Any]:
    """The deadlines of a ticket opened at `at`; none without a policy."""
    if policy is None:
        return {"first_response_due_at": None, "resolution_due_at": None, "next_due_at": NO_DEADLINE}
    first = policy.hours.add(at, _minutes(policy.first_response_minutes, priority))
    solution = policy.hours.add(at, _minutes(policy.resolution_minutes, priority))
    return {
        "first_response_due_at": first,
        "resolution_due_at": solution,
        "next_due_at": min(first, solution),
    }


def after_status(ticket: Ticket, status: str, at: datetime) -> dict[str, Any]:
    """What a change of status at `at` does to the clock: waiting and solving stop it, going on resumes it
    with the business time that was left, reopening starts the time to the solution anew."""
    ran, runs = ticket.status in CLOCK_RUNS, status in CLOCK_RUNS
    policy, due = ticket.queue.policy, ticket.resolution_due_at
    changes: dict[str, Any] = {}
    if policy is not None and due is not None and ran and not runs:
        changes["paused_seconds"] = int(policy.hours.between(at, due).total_seconds())
    elif policy is not None and runs and ticket.status in DONE_STATUSES:
        minutes = _minutes(policy.resolution_minutes, ticket.priority)
        changes |= {"resolution_due_at": policy.hours.add(at, minutes), "paused_seconds": None}
    elif policy is not None and runs and not ran:
        if ticket.paused_seconds:
            left = timedelta(seconds=ticket.paused_seconds)
            changes["resolution_due_at"] = policy.hours.add(at, left)
        changes["paused_seconds"] = None
    return changes


def after_target(ticket: Ticket, *, policy: SlaPolicy | None, priority: str, at: datetime) -> dict[str, Any]:
    """What another priority or queue does to the deadlines: the business time left grows or shrinks by the
    difference of the targets. A deadline that this puts into the past is due at `at`."""
    old = ticket.queue.policy
    if policy is None or old is None or ticket.resolution_due_at is None:
        fresh = started(policy, priority, ticket.opened_at)
        fresh.pop("next_due_at")
        return fresh
    before = _minutes(old.resolution_minutes, ticket.priority)
    change = _minutes(policy.resolution_minutes, priority) - before
    changes: dict[str, Any] = {
        "first_response_due_at": policy.hours.add(
            ticket.opened_at, _minutes(policy.first_response_minutes, priority)
        )
    }
    if ticket.status in CLOCK_RUNS:
        due = ticket.resolution_due_at
        left = old.hours.between(at, due) if due > at else -old.hours.between(due, at)
        changes["resolution_due_at"] = policy.hours.add(at, max(timedelta(0), left + change))
    elif ticket.paused_seconds is not None:
        changes["paused_seconds"] = max(0, ticket.paused_seconds + int(change.total_seconds()))
    return changes


def next_due(ticket: Ticket, changes: dict[str, Any]) -> datetime:
    """The earlier of the deadlines that still count once `changes` are made, or NO_DEADLINE."""

    def value(name: str) -> Any:
        return changes.get(name, getattr(ticket, name))

    status = value("status")
    if status in DONE_STATUSES:
        return NO_DEADLINE
    counting = []
    if value("first_responded_at") is None and value("first_response_due_at") is not None:
        counting.append(value("first_response_due_at"))
    if status != TicketStatus.WAITING and value("resolution_due_at") is not None:
        counting.append(value("resolution_due_at"))
    return min(counting, default=NO_DEADLINE)


def _minutes(table: dict[str, int], priority: str) -> timedelta:
    return timedelta(minutes=table[priority])
