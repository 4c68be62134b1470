"""What every installation has from its first minute: a service level and a queue."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop

from core.enums import Visibility
from core.models import SavedView
from core.services.base import service
from service.models import Queue, SlaPolicy

TICKET_VIEWS = (
    (gettext_noop("Open"), "open=true&sort=due"),
    (gettext_noop("Mine"), "mine=true&open=true&sort=due"),
    (gettext_noop("Unassigned"), "owner__empty=1&open=true&sort=opened"),
    (gettext_noop("Overdue"), "overdue=true&sort=due"),
    (gettext_noop("Waiting on customer"), "status=waiting&sort=updated"),
)
"""Name and query of each."""


@service
def ensure_service_defaults(*, actor: Any) -> Queue:
    """The default queue; created with its service level where there is none. Safe to run at every start."""
    queue = Queue.objects.filter(is_default=True).first()
    if queue is not None:
        return queue
    policy = SlaPolicy.objects.order_by("pk").first() or SlaPolicy.objects.create(name="Standard")
    queue, _created = Queue.objects.get_or_create(
        mailbox="support",
        defaults={"name": "Support", "address": f"support@{settings.MAIL_DOMAIN}", "policy": policy},
    )
    queue.is_default = True
    queue.save(update_fields=["is_default", "updated_at"])
    return queue


@service
def ensure_ticket_views(*, actor: Any) -> None:
    """The tabs above the ticket list that everybody starts with, unless somebody shares others already."""
    shared = SavedView.objects.filter(record_type="ticket", visibility=Visibility.EVERYONE)
    if shared.exists():
        return
    SavedView.objects.bulk_create(
        SavedView(
            record_type="ticket", name=str(name), query=query, visibility=Visibility.EVERYONE, position=place
        )
        for place, (name, query) in enumerate(TICKET_VIEWS)
    )
