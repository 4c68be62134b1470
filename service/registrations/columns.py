"""Columns of the ticket list."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.registries import columns
from core.registries.columns import Column, joined
from core.ui.cells import link, person, when
from sales.registrations.links import record_url
from service.badges import clock_badge, priority_badge, status_badge
from service.models import Ticket


def _title(ticket: Ticket) -> SafeString:
    return format_html('<span class="cut">{}</span>', ticket.subject)


def _requester(ticket: Ticket) -> SafeString:
    if ticket.contact is not None:
        return link(record_url("contact", ticket.contact_id), ticket.contact)
    return link("", ticket.requester_name or ticket.requester_address)


columns.register(
    "ticket",
    Column("subject", _("Subject"), _title, export=lambda t: t.subject, field="subject", order=10),
    Column(
        "number", _("Number"), lambda t: format_html('<span class="num">#{}</span>', t.pk),
        export=lambda t: t.pk, sort=("pk",), order=15,
    ),
    Column(
        "requester", _("Requester"), _requester,
        export=lambda t: str(t.contact or ""),
        select=joined("contact"), field="contact", order=20,
    ),
    Column(
        "company", _("Company"), lambda t: link(record_url("company", t.company_id), t.company),
        export=lambda t: str(t.company or ""), select=joined("company"), field="company", default=False,
        order=25,
    ),
    Column("status", _("Status"), status_badge, export=lambda t: t.status, field="status", order=30),
    Column(
        "priority", _("Priority"), priority_badge, export=lambda t: t.priority, field="priority",
        editable=True, order=40,
    ),
    Column(
        "due", _("Due"), clock_badge, export=lambda t: t.due_at.isoformat() if t.due_at else "",
        sort=("next_due_at",), field="next_due_at", order=50,
    ),
    Column(
        "owner", _("Owner"), lambda t: person(t.owner.name if t.owner else ""),
        export=lambda t: str(t.owner or ""), select=joined("owner"), field="owner", editable=True, order=60,
    ),
    Column(
        "queue", _("Queue"), lambda t: t.queue.name, export=lambda t: t.queue.name, select=joined("queue"),
        field="queue", order=70,
    ),
    Column(
        "updated", _("Last message"), lambda t: when(t.last_message_at),
        export=lambda t: t.last_message_at.isoformat(), sort=("last_message_at",), field="last_message_at",
        order=80,
    ),
    Column(
        "opened", _("Opened"), lambda t: when(t.opened_at), export=lambda t: t.opened_at.isoformat(),
        sort=("opened_at",), field="opened_at", default=False, order=90,
    ),
    Column(
        "channel", _("Channel"), lambda t: t.get_channel_display(), export=lambda t: t.channel,
        field="channel", default=False, order=100,
    ),
    Column(
        "tags", _("Tags"), lambda t: [tag.name for tag in t.tags.all()],
        select=lambda rows: rows.prefetch_related("tags"), field="tags", default=False, order=110,
    ),
    Column(
        "requester_name", _("Name of the requester"), lambda t: t.requester_name, field="requester_name",
        default=False, order=119,
    ),
    Column(
        "solved", _("Solved"), lambda t: when(t.solved_at) if t.solved_at else "", export=lambda t: t.solved_at,
        field="solved_at", default=False, order=121,
    ),
    Column(
        "first_answered", _("First answered"), lambda t: when(t.first_responded_at) if t.first_responded_at else "",
        export=lambda t: t.first_responded_at, field="first_responded_at", default=False, order=122,
    ),
    Column("external_id", _("External id"), lambda t: t.external_id, field="external_id", default=False, order=123),
    Column(
        "address", _("Requester's address"), lambda t: t.requester_address, field="requester_address",
        default=False, order=120,
    ),
)  # fmt: skip
