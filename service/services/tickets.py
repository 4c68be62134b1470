"""Opening tickets, changing them, and whose turn it is. `service.services.conversation` is what is said."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Company, Contact
from core.custom_fields.saving import for_new
from core.enums import Action
from core.events import publish
from core.mail.addresses import normalise_email
from core.models import Tag
from core.services.base import require, save_changes, service
from core.text import sort_key
from sales.services.links import check_visible
from sales.services.locking import locked
from service.enums import Channel, TicketPriority, TicketStatus
from service.events import TicketAssigned, TicketOpened, TicketReopened, TicketSolved
from service.models import Queue, Ticket
from service.rules import DONE_STATUSES, may_follow
from service.services import deadlines
from service.services.defaults import ensure_service_defaults
from service.services.happenings import tell_of_ticket

EDITABLE = frozenset(
    {
        "subject",
        "priority",
        "queue",
        "contact",
        "company",
        "owner",
        "team",
        "requester_name",
        "requester_address",
        "custom",
    }
)


@service
def open_ticket(
    *,
    actor: Any,
    subject: str,
    queue: Queue | None = None,
    contact: Contact | None = None,
    company: Company | None = None,
    channel: str = Channel.AGENT,
    at: Any = None,
    tags: Iterable[Tag] = (),
    **fields: Any,
) -> Ticket:
    """Open a ticket in `queue` (default: the default queue), its clocks running from `at` (default: now).

    The team is the queue's unless given, the company the contact's, the requester's address the contact's
    primary one. `fields` are those of EDITABLE. Raises ValidationError by field, NotAllowed.
    """
    require(actor, "ticket", Action.ADD)
    _check_names(fields)
    queue = queue or ensure_service_defaults(actor=actor)
    check_visible(actor, contact=contact, company=company, queue=queue, owner=fields.get("owner"))
    moment = at or timezone.now()
    ticket = Ticket(
        subject=" ".join(subject.split())[:250],
        queue=queue,
        contact=contact,
        company=company or (contact.company if contact else None),
        channel=channel,
        opened_at=moment,
        last_message_at=moment,
        **{"team": queue.team, **fields, "custom": for_new("ticket", fields)},
    )
    _fill_requester(ticket)
    ticket.search_text = searchable(ticket)
    if ticket.priority not in TicketPriority.values:
        raise ValidationError({"priority": _("Choose low, normal, high or urgent.")})
    for name, value in deadlines.started(queue.policy, ticket.priority, moment).items():
        setattr(ticket, name, value)
    ticket.full_clean()
    ticket.save()
    ticket.tags.set(tags)
    tell_of_ticket(actor, ticket, "ticket.opened", moment, "opened")
    publish(TicketOpened(ticket_id=ticket.pk))
    _tell_owner(actor, ticket)
    return ticket


@service
def update_ticket(
    *,
    actor: Any,
    ticket: Ticket,
    changes: dict[str, Any],
    expected_version: int | None = None,
    tags: Iterable[Tag] | None = None,
) -> Ticket:
    """Change fields of EDITABLE (a new owner is told, a new priority or queue moves the deadlines) and, where
    given, the tags. Raises ValidationError by field, StaleRecord, NotAllowed."""
    _check_names(changes)
    current = locked(actor, ticket)
    check_visible(
        actor,
        **{name: changes.get(name) for name in ("contact", "company", "queue", "owner")},
    )
    if changes.get("requester_address"):
        changes = {**changes, "requester_address": _address(changes["requester_address"])}
    values = {**changes, **_retargeted(current, changes)}
    owner_before = current.owner_id
    fresh = {**{name: getattr(current, name) for name in ("subject", "requester_name")}, **changes}
    address = changes.get("requester_address", current.requester_address)
    values["search_text"] = _searchable(fresh["subject"], fresh["requester_name"], address)
    save_changes(current, values, expected_version=expected_version)
    if tags is not None:
        current.tags.set(tags)
    if current.owner_id != owner_before:
        _tell_owner(actor, current)
    return current


@service
def assign_ticket(*, actor: Any, ticket: Ticket, owner: Any) -> Ticket:
    """Give the ticket to `owner` (None: to nobody), who is told. Raises NotAllowed."""
    return update_ticket(actor=actor, ticket=ticket, changes={"owner": owner})


@service
def change_status(
    *, actor: Any, ticket: Ticket, status: str, expected_version: int | None = None, at: Any = None
) -> Ticket:
    """Move the ticket along `rules.TRANSITIONS`; staying where it is changes nothing. Waiting and solving
    stop the clock, reopening starts it anew. Raises ValidationError, StaleRecord, NotAllowed."""
    current = locked(actor, ticket)
    if status == current.status:
        return current
    if status not in TicketStatus.values or not may_follow(current.status, status):
        text = _("A ticket that is “%(before)s” can't become “%(after)s”.")
        before = TicketStatus(current.status).label
        after = TicketStatus(status).label if status in TicketStatus.values else status[:20]
        raise ValidationError({"status": ValidationError(text, params={"before": before, "after": after})})
    moment = at or timezone.now()
    was_done = current.status in DONE_STATUSES
    changes: dict[str, Any] = {"status": status, **deadlines.after_status(current, status, moment)}
    if status in DONE_STATUSES:
        changes["solved_at"] = current.solved_at or moment
    elif was_done:
        changes |= {"solved_at": None, "reopened_count": current.reopened_count + 1}
    changes["next_due_at"] = deadlines.next_due(current, changes)
    save_changes(current, changes, expected_version=expected_version)
    _tell_of_status(actor, current, was_done=was_done, at=moment)
    return current


def searchable(ticket: Ticket) -> str:
    """What the list's search box looks through."""
    return _searchable(ticket.subject, ticket.requester_name, ticket.requester_address)


def _searchable(subject: str, name: str, address: str) -> str:
    return sort_key(f"{subject} {name} {address}", limit=500)


def _retargeted(ticket: Ticket, changes: dict[str, Any]) -> dict[str, Any]:
    queue, priority = changes.get("queue", ticket.queue), changes.get("priority", ticket.priority)
    if queue == ticket.queue and priority == ticket.priority:
        return {}
    if priority not in TicketPriority.values:
        raise ValidationError({"priority": _("Choose low, normal, high or urgent.")})
    found = deadlines.after_target(ticket, policy=queue.policy, priority=priority, at=timezone.now())
    if queue != ticket.queue and "team" not in changes:
        found["team"] = queue.team
    return {**found, "next_due_at": deadlines.next_due(ticket, found)}


def _tell_of_status(actor: Any, ticket: Ticket, *, was_done: bool, at: Any) -> None:
    done = ticket.status in DONE_STATUSES
    if done and not was_done:
        tell_of_ticket(actor, ticket, "ticket.solved", at, f"solved:{ticket.version}")
        publish(TicketSolved(ticket_id=ticket.pk))
    elif was_done and not done:
        tell_of_ticket(actor, ticket, "ticket.reopened", at, f"reopened:{ticket.version}")
        publish(TicketReopened(ticket_id=ticket.pk))


def _tell_owner(actor: Any, ticket: Ticket) -> None:
    if ticket.owner_id is not None:
        by = getattr(actor, "pk", None)
        publish(TicketAssigned(ticket_id=ticket.pk, owner_id=ticket.owner_id, by_id=by))


def _fill_requester(ticket: Ticket) -> None:
    contact = ticket.contact
    if ticket.requester_address:
        ticket.requester_address = _address(ticket.requester_address)
    elif contact is not None:
        points = contact.points.filter(kind="email").order_by("-is_primary", "pk")
        ticket.requester_address = points.values_list("normalised", flat=True).first() or ""
    if not ticket.requester_name and contact is not None:
        ticket.requester_name = contact.name[:200]


def _address(text: str) -> str:
    address = normalise_email(text)
    if address is None:
        raise ValidationError({"requester_address": _("Write an e-mail address, such as ann@example.org.")})
    return address


def _check_names(fields: dict[str, Any]) -> None:
    if wrong := set(fields) - EDITABLE:
        raise TypeError(f"tickets have no field to write called {', '.join(sorted(wrong))}")
