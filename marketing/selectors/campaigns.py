"""Finding campaigns, and which of them concern a contact."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from core.registries.records import SearchHit
from marketing.models import Campaign, Recipient


def search_campaigns(user: Any, text: str, limit: int) -> list[SearchHit]:
    """Campaigns in the viewer's scope whose name holds the text, newest first."""
    rows = Campaign.objects.visible_to(user).filter(name__icontains=text).order_by("-pk")[:limit]
    return [
        SearchHit(
            "campaign",
            row.pk,
            row.name,
            row.get_state_display(),
            reverse("marketing:campaign_detail", args=[row.pk]),
        )
        for row in rows
    ]


def campaigns_of_contact(contact: Any, user: Any) -> QuerySet[Recipient]:
    """The contact's lines in the ledgers of campaigns that `user` may see, newest first."""
    rows: QuerySet[Recipient] = Recipient.objects.visible_to(user)
    return rows.filter(contact=contact).select_related("campaign").order_by("-pk")


def contact_panel(contact: Any, user: Any) -> dict[str, Any] | None:
    """The card beside a contact: the last five campaigns; None where there are none."""
    rows = list(campaigns_of_contact(contact, user)[:5])
    return {"rows": rows, "count": campaigns_of_contact(contact, user).count()} if rows else None
