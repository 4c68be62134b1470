"""The next step of a deal: the open activity linked to it that is due first."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Subquery

from contacts.models import ActivityLink
from core.services.base import service
from sales.models import Deal


@service
def refresh_next_steps(*, actor: Any, deal_ids: Iterable[int]) -> int:
    """Read each deal's next step anew from its open activities; returns how many deals were looked at.
    `version` and `updated_at` stay: nobody edited the deal."""
    open_steps = ActivityLink.objects.filter(
        record_type="deal",
        object_id=OuterRef("pk"),
        activity__done_at__isnull=True,
        activity__due_at__isnull=False,
        activity__deleted_at__isnull=True,
    ).order_by("activity__due_at", "activity_id")
    return int(
        Deal.all_objects.filter(pk__in=set(deal_ids)).update(
            next_step=Subquery(open_steps.values("activity_id")[:1]),
            next_step_at=Subquery(open_steps.values("activity__due_at")[:1]),
        )
    )
