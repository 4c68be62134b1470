"""What every installation has from its first minute: a service level and a queue."""

from typing import Any

from django.conf import settings

from core.services.base import service
from service.models import Queue, SlaPolicy


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
