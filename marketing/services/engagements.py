"""Counting what recipients, and machines on the way, do with a mail."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.services.timeline import Happening, record_timeline
from core.services.base import service
from marketing.enums import EngagementKind, Evidence
from marketing.models import Recipient
from marketing.selectors.merge_fields import FIELDS
from marketing.sending.compile import fill
from marketing.sending.placeholders import parse_placeholders

_COUNT = """
INSERT INTO marketing_engagement
  (created_at, updated_at, recipient_id, campaign_id, kind, evidence, link, first_at, last_at, times)
VALUES (%(now)s, %(now)s, %(recipient)s, %(campaign)s, %(kind)s, %(evidence)s, %(link)s, %(now)s, %(now)s, 1)
ON CONFLICT (recipient_id, kind, link, evidence)
DO UPDATE SET times = marketing_engagement.times + 1, last_at = excluded.last_at, updated_at = excluded.updated_at
 WHERE marketing_engagement.times < 2000000000
"""
_TITLES = {
    EngagementKind.OPEN: "campaign.opened",
    EngagementKind.CLICK: "campaign.clicked",
    EngagementKind.UNSUBSCRIBE: "campaign.unsubscribed",
    EngagementKind.BOUNCE: "campaign.bounced",
    EngagementKind.COMPLAINT: "campaign.complained",
}


@service
def count_engagement(
    *,
    actor: Any,
    recipient: Recipient,
    kind: EngagementKind,
    evidence: Evidence,
    link: int = -1,
    target: str = "",
    at: datetime | None = None,
) -> None:
    """Count it with its class of evidence; the first of each kind, link and class shows on the timeline."""
    now = at or timezone.now()
    values: dict[str, Any] = {
        "now": now,
        "recipient": recipient.pk,
        "campaign": recipient.campaign_id,
        "kind": kind.value,
        "evidence": evidence.value,
        "link": link,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
    if recipient.contact_id is None:
        return
    happening = Happening(
        kind=_TITLES[kind],
        occurred_at=now,
        dedupe_key=f"campaign:{recipient.campaign_id}:{recipient.pk}:{kind}:{link}:{evidence}",
        contact_id=recipient.contact_id,
        title=recipient.campaign.name,
        data={"evidence": evidence.value, "target": target[:500]},
        record_type="campaign",
        object_id=recipient.campaign_id,
        counts_as_activity=evidence is Evidence.HUMAN,
    )
    record_timeline(actor=None, happenings=[happening])


def _subject(recipient: Recipient) -> str:
    pieces, _problems = parse_placeholders(recipient.variant.subject, FIELDS, "subject")
    return fill(pieces, recipient.values)


@service
def record_sent(*, actor: Any, recipient_ids: list[int]) -> int:
    """Put «mail sent» on the timelines of those who were sent to; returns how many lines were new."""
    rows = Recipient.objects.filter(
        pk__in=recipient_ids, contact__isnull=False, sent_at__isnull=False
    ).select_related("campaign", "variant")
    return record_timeline(
        actor=None,
        happenings=[
            Happening(
                kind="campaign.sent",
                occurred_at=row.sent_at or timezone.now(),
                dedupe_key=f"campaign:{row.campaign_id}:{row.pk}:sent",
                contact_id=row.contact_id,
                title=row.campaign.name,
                body=_("Subject: %(subject)s") % {"subject": _subject(row)},
                record_type="campaign",
                object_id=row.campaign_id,
                counts_as_activity=False,
            )
            for row in rows
        ],
    )
