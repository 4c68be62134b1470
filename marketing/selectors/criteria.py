"""What may be asked about people's campaigns, for lists and segments of contacts."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from contacts.models import Contact
from contacts.profile.subject import family_ids
from marketing.enums import EngagementKind, Evidence, RecipientState
from marketing.models import Engagement, Recipient


def got_campaign(op: str, value: Any, user: Any) -> Q:
    """People on whose line a mail of one of the campaigns was sent, as far as the asker sees it."""
    rows = Recipient.objects.all() if user is None else Recipient.objects.visible_to(user)
    lines = rows.filter(contact=OuterRef("pk"), state=RecipientState.SENT, campaign_id__in=value)
    condition = Q(Exists(lines.order_by()))
    return condition if op == "in" else ~condition


def clicked_campaign(op: str, value: Any, user: Any) -> Q:
    """People who followed a link of one of the campaigns themselves; scanners do not count."""
    rows = Engagement.objects.all() if user is None else Engagement.objects.visible_to(user)
    clicks = rows.order_by().filter(
        recipient__contact=OuterRef("pk"),
        kind=EngagementKind.CLICK,
        evidence=Evidence.HUMAN,
        campaign_id__in=value,
    )
    condition = Q(Exists(clicks))
    return condition if op == "in" else ~condition


def sent_to_contact(op: str, value: Any, user: Any) -> Q:
    """Campaigns of which a mail was sent to one of the people, as far as the viewer sees them."""
    return _sent_to(Q(pk__in=value), user)


def sent_to_family(op: str, value: Any, user: Any) -> Q:
    """Campaigns of which a mail was sent to somebody of a company or of one below it."""
    return _sent_to(Q(company__in=family_ids(value, user)), user)


def _sent_to(people: Q, user: Any) -> Q:
    rows = Contact.objects.all() if user is None else Contact.objects.visible_to(user)
    lines = Recipient.objects.filter(
        state=RecipientState.SENT, contact__in=rows.filter(people).order_by().values("pk")
    )
    return Q(pk__in=lines.order_by().values("campaign_id"))
