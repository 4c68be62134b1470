"""Mailings as a channel, and what somebody followed in them, from campaigns in the viewer's scope."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractHour
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.models import Contact
from contacts.profile.channels import ChannelUse
from contacts.profile.subject import Subject
from contacts.profile.talks import clock_of
from core.registries.profile import Piece, Rows
from core.scope.access import profile_for
from marketing.enums import EngagementKind, Evidence, RecipientState
from marketing.models import Engagement, Recipient

READ = (EngagementKind.OPEN, EngagementKind.CLICK)
SHOWN = 3


def mailing_channels(subject: Subject, user: Any) -> Iterable[ChannelUse]:
    """Mails that were sent, and those that a person (not a machine) opened or followed. Two queries."""
    lines = _lines(subject, user)
    if lines is None:
        return []
    sent = lines.filter(state=RecipientState.SENT).order_by().count()
    if not sent:
        return []
    groups = (
        _read(lines)
        .annotate(hour=ExtractHour("first_at", tzinfo=clock_of(subject)))
        .values_list("recipient_id", "hour")
        .annotate(number=Count("pk"))
        .order_by("recipient_id", "hour")
    )
    hours: Counter[int] = Counter()
    readers = set()
    for recipient, hour, number in groups:
        hours[hour] += number
        readers.add(recipient)
    rows = Rows(_("Mailings sent"), subject.link("campaign"))
    return [ChannelUse("mailing", _("Mailings"), 0, 0, sent, len(readers), hours, (rows,))]


def interest_answers(subject: Subject, user: Any) -> Mapping[str, Piece]:
    """The campaigns whose links they followed themselves. One query."""
    lines = _lines(subject, user)
    if lines is None:
        return {}
    followed = (
        _read(lines)
        .filter(kind=EngagementKind.CLICK)
        .order_by()
        .values("campaign_id", "campaign__name")
        .annotate(people=Count("recipient", distinct=True))
        .order_by("-people", "campaign__name", "campaign_id")[:SHOWN]
    )
    found: list[Any] = list(followed)
    if not found:
        return {}
    names = ", ".join(one["campaign__name"] for one in found)
    told = _("They followed links of: %(campaigns)s.") % {"campaigns": names}
    rows = [_followers(subject, one) for one in found]
    facts = {"followed": [{"campaign": one["campaign__name"], "people": one["people"]} for one in found]}
    return {"need": Piece([told], facts, rows)}


def _lines(subject: Subject, user: Any) -> QuerySet[Recipient] | None:
    """Lines of the send ledger whose campaign and person the viewer may both see; None of a company's people where
    the role hides who they are."""
    if not profile_for(user).allows("campaign", "view"):
        return None
    if not subject.is_person and not subject.shows_people:
        return None
    seen = Contact.objects.visible_to(user)
    people = Q(pk=subject.record.pk) if subject.is_person else Q(company__in=subject.company_ids)
    rows: QuerySet[Recipient] = Recipient.objects.visible_to(user)
    return rows.filter(contact__in=seen.filter(people).values("pk"))


def _read(lines: QuerySet[Recipient]) -> QuerySet[Engagement]:
    return Engagement.objects.filter(
        recipient__in=lines.filter(state=RecipientState.SENT).values("pk"),
        kind__in=READ,
        evidence=Evidence.HUMAN,
    )


def _followers(subject: Subject, campaign: dict[str, Any]) -> Rows:
    """The people of a company who followed a link; for a single person, the campaign itself."""
    name, pk = campaign["campaign__name"], campaign["campaign_id"]
    if subject.is_person:
        return Rows(name, url=reverse("marketing:campaign_detail", args=[pk]))
    return Rows(name, subject.link("contact", clicked_campaign=pk), campaign["people"])
