"""Reading tickets, in the viewer's scope."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.urls import reverse

from contacts.models import Company, Contact
from contacts.selectors.affiliations import may_see_who_belongs
from core.conditions.moment import current_moment
from core.models import File
from core.registries.records import SearchHit
from core.scope.fields import conceal_all
from core.text import sort_key
from service.models import Message, RawMail, Ticket
from service.rules import OPEN_STATUSES
from service.services.attachments import ATTACHED_TYPE

NAV_LIMIT = 1000


def is_open() -> Q:
    return Q(status__in=OPEN_STATUSES)


def is_overdue() -> Q:
    """Open, and a deadline whose clock runs has passed."""
    return Q(status__in=OPEN_STATUSES, next_due_at__lt=current_moment())


def open_tickets(user: Any) -> QuerySet[Ticket]:
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(user).filter(is_open())
    return rows


def counted_tickets(user: Any) -> QuerySet[Ticket]:
    """The open tickets that the person sees, as far as the sidebar counts them."""
    return open_tickets(user).order_by()[:NAV_LIMIT]


def tickets_of(user: Any, party: Contact | Company) -> QuerySet[Ticket]:
    """The tickets of a person or company that the viewer sees: open ones first, then the newest. Of a company those
    alone that name nobody, where the role hides who belongs to it."""
    name = "contact" if isinstance(party, Contact) else "company"
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(user).filter(**{name: party})
    if name == "company" and not may_see_who_belongs(user):
        rows = rows.filter(contact=None)
    return rows.order_by(Case(When(is_open(), then=0), default=1), "-last_message_at", "-pk")


def find_tickets(rows: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
    """The rows whose subject or requester has `text`, or whose number it is (`42`, `#42`)."""
    wanted = sort_key(text)
    number = wanted.lstrip("#")
    condition = Q(search_text__contains=wanted)
    if number.isascii() and number.isdigit() and len(number) < 18:
        condition |= Q(pk=int(number))
    return rows.filter(condition)


def search_tickets(user: Any, text: str, limit: int) -> Sequence[SearchHit]:
    """Tickets in scope for the palette, open ones first."""
    rows = find_tickets(Ticket.objects.visible_to(user), text).only(
        "subject", "status", "requester_name", "requester_address"
    )
    found = rows.order_by(Case(When(is_open(), then=0), default=1), "-last_message_at", "-pk")[:limit]
    return [
        SearchHit(
            "ticket",
            ticket.pk,
            ticket.subject,
            " · ".join(
                part
                for part in (
                    f"#{ticket.pk}",
                    ticket.get_status_display(),
                    ticket.requester_name or ticket.requester_address,
                )
                if part
            ),
            reverse("service:ticket_detail", args=[ticket.pk]),
        )
        for ticket in conceal_all(found, user)
    ]


def conversation(user: Any, ticket: Ticket, limit: int = 500) -> list[Message]:
    """The ticket's newest `limit` messages in the order they were said."""
    rows = Message.objects.visible_to(user).filter(ticket=ticket).select_related("author", "contact")
    return list(rows.order_by("-at", "-pk")[:limit])[::-1]


def said_since(user: Any, ticket: Ticket, seen: int) -> list[Message]:
    """What people have said on the ticket after the message `seen`, in that order."""
    return [one for one in conversation(user, ticket) if one.pk > seen and not one.is_automatic]


def files_of(messages: Sequence[Message]) -> dict[int, list[File]]:
    """The files of messages (which the caller took from the viewer's scope) by the message's key."""
    found: dict[int, list[File]] = {}
    ids = [message.pk for message in messages]
    for file in File.objects.filter(attached_type=ATTACHED_TYPE, attached_id__in=ids).order_by("pk"):
        found.setdefault(file.attached_id, []).append(file)
    return found


def attachment_for(user: Any, pk: int) -> File | None:
    """A message's file, for whoever sees the message."""
    file: File | None = File.objects.filter(pk=pk, attached_type=ATTACHED_TYPE).first()
    if file is None or not Message.objects.visible_to(user).filter(pk=file.attached_id).exists():
        return None
    return file


def raw_mail_of(user: Any, message_pk: int) -> RawMail | None:
    """The mail as it came, for whoever sees the message made from it."""
    message = Message.objects.visible_to(user).filter(pk=message_pk).select_related("raw").first()
    return message.raw if message is not None else None


def mail_to_look_at(user: Any) -> QuerySet[RawMail]:
    """Received mail that became no ticket and waits for a person: unreadable, held back, or never read to
    the end; the newest first."""
    rows: QuerySet[RawMail] = RawMail.objects.visible_to(user)
    return rows.filter(state__in=["unreadable", "held", "kept"]).order_by("-received_at", "-pk")
