"""Deals that somebody should look at today."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from core.scope.fields import conceal_all
from sales.enums import DealStatus
from sales.models import Deal
from sales.selectors.deals import rotting


@dataclass(frozen=True)
class Reason:
    """Why deals need attention, how many there are, the first of them, and the list that shows all."""

    key: str
    deals: QuerySet[Deal]
    query: str
    user: Any

    def first(self, count: int = 2) -> list[Deal]:
        """The largest of them, with their companies."""
        rows = self.deals.select_related("company").order_by(F("base_amount").desc(nulls_last=True), "pk")
        found = list(rows[:count])
        conceal_all(found, self.user)
        return found


def deals_needing_attention(user: Any) -> list[Reason]:
    """A person's own open deals with a close date in the past, without a next step, or for too long in
    their stage; in the person's scope."""
    mine = Deal.objects.visible_to(user).filter(status=DealStatus.OPEN, owner=user)
    today = timezone.localdate()
    own = f"status=open&owner={user.pk}"
    return [
        Reason(
            "late",
            mine.filter(expected_close__lt=today),
            f"{own}&expected_close__before={today.isoformat()}",
            user,
        ),
        Reason("no_step", mine.filter(next_step_at__isnull=True), f"{own}&no_next_step=true", user),
        Reason("rotting", mine.filter(rotting()), f"{own}&rotting=true", user),
    ]
