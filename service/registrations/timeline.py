"""How tickets look on timelines."""

from django.utils.translation import gettext_lazy as _

from core.registries import timeline
from core.registries.timeline import TimelineKind

TEMPLATE = "service/timeline/_ticket.html"


timeline.register(
    TimelineKind(
        "ticket.opened", _("Ticket opened"), icon="lifebuoy", template=TEMPLATE, group="ticket",
        record_type="ticket", tone="info",
    ),
    TimelineKind(
        "ticket.message", _("Customer answered"), icon="mail", template=TEMPLATE, group="mail",
        record_type="ticket",
    ),
    TimelineKind(
        "ticket.reply", _("Answered a ticket"), icon="mail-forward", template=TEMPLATE, group="mail",
        record_type="ticket",
    ),
    TimelineKind(
        "ticket.solved", _("Ticket solved"), icon="circle-check", template=TEMPLATE, group="ticket",
        record_type="ticket", tone="ok",
    ),
    TimelineKind(
        "ticket.reopened", _("Ticket reopened"), icon="arrow-back-up", template=TEMPLATE, group="ticket",
        record_type="ticket", tone="warn",
    ),
)  # fmt: skip
