"""Record types, places in the navigation, and how tickets are edited in place."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.registries import editing, navigation, records
from core.registries.editing import Editor, Step
from core.registries.navigation import CreateEntry, NavEntry
from core.registries.records import RecordType
from service.enums import TicketStatus
from service.models import Queue, RawMail, SlaPolicy, Ticket
from service.rules import may_follow
from service.selectors.tickets import counted_tickets, search_tickets
from service.services.tickets import change_status, update_ticket

records.register(
    RecordType(
        "ticket",
        Ticket,
        _("Ticket"),
        _("Tickets"),
        icon="lifebuoy",
        list_url="service:ticket_list",
        detail_url="service:ticket_detail",
        create_url="service:ticket_create",
        search=search_tickets,
    )
)
records.register(RecordType("queue", Queue, _("Queue"), _("Queues"), icon="stack", restorable=False))
records.register(
    RecordType(
        "sla_policy", SlaPolicy, _("Service level"), _("Service levels"), icon="clock", restorable=False
    )
)
records.register(
    RecordType("raw_mail", RawMail, _("Received mail"), _("Received mail"), icon="mail", restorable=False)
)
navigation.register(
    NavEntry(
        "tickets",
        _("Tickets"),
        icon="lifebuoy",
        url_name="service:ticket_list",
        order=40,
        allowed=lambda profile: profile.allows("ticket", "view"),
        counted=counted_tickets,
        shortcut="g t",
        on_phone=True,
    )
)
navigation.register_create(
    CreateEntry(
        "ticket",
        _("Ticket"),
        icon="lifebuoy",
        url_name="service:ticket_create",
        record_type="ticket",
        order=40,
    )
)


def _ticket_form() -> type[Any]:
    from service.forms.tickets import TicketForm

    return TicketForm


def _update_ticket(*, actor: Any, record: Any, values: dict[str, Any], expected_version: int | None) -> Any:
    tags = values.pop("tags", None)
    return update_ticket(
        actor=actor, ticket=record, changes=values, expected_version=expected_version, tags=tags
    )


def put_status_back(
    *, actor: Any, record: Any, value: Any, before: Mapping[str, Any], expected_version: int | None
) -> Any:
    """The ticket moves along to the status again; its clock follows."""
    return change_status(actor=actor, ticket=record, status=value, expected_version=expected_version)


def why_no_status(ticket: Any, status: str) -> str:
    if may_follow(ticket.status, status):
        return ""
    words = _("The status “%(status)s” can't be put back: a ticket that is “%(now)s” can't go there.")
    return str(words % {"status": TicketStatus(status).label, "now": ticket.get_status_display()})


editing.register_step(
    Step(
        "ticket",
        "status",
        put_status_back,
        why_no_status,
        with_it=frozenset(
            ["solved_at", "reopened_count", "next_due_at", "paused_seconds", "resolution_due_at"]
        ),
    )
)
editing.register(Editor("ticket", _ticket_form, _update_ticket))
