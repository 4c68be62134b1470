"""The next step of a deal: the open activity linked to it that is due first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from contacts.enums import ActivityKind
from contacts.models import Activity, ActivityLink
from contacts.services.activities import log_activity
from core.enums import Action
from core.services.base import require_on, service
from sales.models import Deal


@service
def plan_next_step(
    *, actor: Any, deal: Deal, kind: str, due_at: datetime | None, subject: str = "", owner: Any = None
) -> Activity:
    """Plan an activity for the deal, its primary contact and its company; `owner` defaults to the actor.
    Raises ValidationError by field, NotAllowed."""
    require_on(actor, deal, Action.CHANGE)
    if due_at is None:
        raise ValidationError({"due_at": _("Say when it is due.")})
    if kind not in ActivityKind.values:
        raise ValidationError({"kind": _("Choose what is to be done.")})
    activity = log_activity(
        actor=actor,
        kind=kind,
        contact=deal.contact,
        company=deal.company,
        links=[("deal", deal.pk)],
        subject=subject.strip() or str(ActivityKind(kind).label),
        due_at=due_at,
        owner=owner or actor or deal.owner,
    )
    refresh_next_steps(actor=actor, deal_ids=[deal.pk])
    return activity


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
