"""The card with the tickets of a person or company, in the viewer's scope."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.registries import panels
from core.registries.panels import Panel
from core.scope.access import profile_for
from service.badges import clock_badge, status_badge
from service.selectors.tickets import tickets_of

SHOWN = 5


def _tickets(record: Any, user: Any) -> dict[str, Any] | None:
    profile = profile_for(user)
    if not profile.allows("ticket", "view"):
        return None
    rows = tickets_of(user, record)
    query = urlencode({record.record_type: record.pk})
    may_add = profile.allows("ticket", "add")
    found = list(rows[: SHOWN + 1])
    return {
        "tickets": [(ticket, status_badge(ticket), clock_badge(ticket)) for ticket in found[:SHOWN]],
        "count": rows.order_by().count() if len(found) > SHOWN else len(found),
        "shown": SHOWN,
        "all_url": f"{reverse('service:ticket_list')}?{query}",
        "add_url": f"{reverse('service:ticket_create')}?{query}" if may_add else "",
    }


for _party in ("contact", "company"):
    panels.register(
        Panel(
            "tickets", _party, _("Tickets"), icon="lifebuoy", template="service/_tickets_panel.html",
            context=_tickets, order=40,
        )
    )  # fmt: skip
