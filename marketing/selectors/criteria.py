"""What may be asked about people's campaigns, for lists and segments of contacts."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from marketing.enums import EngagementKind, Evidence, RecipientState
from marketing.models import Engagement, Recipient


def got_campaign(op: str, value: Any, user: Any) -> Q:
    """People on whose line a mail of one of the campaigns was sent."""
    lines = Recipient.objects.filter(contact=OuterRef("pk"), state=RecipientState.SENT, campaign_id__in=value)
    condition = Q(Exists(lines))
    return condition if op == "in" else ~condition


def clicked_campaign(op: str, value: Any, user: Any) -> Q:
    """People who followed a link of one of the campaigns themselves; scanners do not count."""
    clicks = Engagement.objects.filter(
        recipient__contact=OuterRef("pk"),
        kind=EngagementKind.CLICK,
        evidence=Evidence.HUMAN,
        campaign_id__in=value,
    )
    condition = Q(Exists(clicks))
    return condition if op == "in" else ~condition
