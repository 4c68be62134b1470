"""Tickets move people between segments, and can be counted."""

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from core.conditions.criteria import Criterion, Kind
from core.conditions.figures import Collection, Measure, register_collection
from core.conditions.sources import Source, register_sources
from service.enums import Channel, TicketPriority, TicketStatus
from service.models import Ticket
from service.selectors.tickets import is_open

register_sources("contact", Source(Ticket._meta.db_table, "SELECT contact_id FROM {rows}"))


def _tickets(user: Any) -> Any:
    return Ticket.objects.all() if user is None else Ticket.objects.visible_to(user)


def _open(op: str, value: bool, user: Any) -> Q:
    return is_open() if value else ~is_open()


register_collection(
    "contact",
    Collection(
        "tickets",
        _tickets,
        "contact_id",
        (Measure("count", _("Tickets: number"), lambda only: Count("pk", filter=only)),),
        moved_by=(Ticket._meta.db_table,),
        at="opened_at",
        narrow=(
            Criterion(
                "status", _("Status"), Kind.CHOICE, path="status", choices=lambda: TicketStatus.choices
            ),
            Criterion(
                "priority",
                _("Priority"),
                Kind.CHOICE,
                path="priority",
                choices=lambda: TicketPriority.choices,
            ),
            Criterion("channel", _("Channel"), Kind.CHOICE, path="channel", choices=lambda: Channel.choices),
            Criterion("queue", _("Queue"), Kind.REF, path="queue_id", ref_type="queue"),
            Criterion("open", _("Is open"), Kind.BOOL, build=_open),
        ),
        reads=("ticket",),
        group=_("Counts and sums"),
        icon="lifebuoy",
    ),
)
