"""Who of a campaign's ledger may not be written to any more, by the same rules as at the launch."""

from collections.abc import Sequence

from django.db import connection

from marketing.enums import LeftOut
from marketing.models import Campaign

_BLOCKED = f"""
SELECT r.id, CASE
    WHEN c.do_not_contact OR c.deleted_at IS NOT NULL THEN '{LeftOut.DO_NOT_CONTACT}'
    WHEN EXISTS (SELECT 1 FROM contacts_suppression s WHERE s.address = r.address) THEN '{LeftOut.SUPPRESSED}'
    WHEN newest.state = 'withdrawn' THEN '{LeftOut.WITHDRAWN}'
    WHEN %s AND newest.state IS DISTINCT FROM 'granted' THEN '{LeftOut.NO_CONSENT}'
    ELSE '' END AS reason
  FROM marketing_recipient r
  LEFT JOIN contacts_contact c ON c.id = r.contact_id
  LEFT JOIN LATERAL (
    SELECT state FROM contacts_consent k
     WHERE k.contact_id = r.contact_id AND k.purpose = %s AND k.channel = 'email'
     ORDER BY k.at DESC, k.id DESC LIMIT 1
  ) newest ON true
 WHERE r.id = ANY(%s)
"""  # noqa: S608 - constants of the enum


def purpose_of(campaign: Campaign) -> str:
    """The purpose in the consent ledger that a campaign needs."""
    return campaign.topic.key if campaign.topic else "marketing"


def blocked_recipients(campaign: Campaign, recipient_ids: Sequence[int]) -> dict[int, LeftOut]:
    """The lines that must not be sent now, with the reason. One query."""
    if not recipient_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKED, [campaign.consent_needed, purpose_of(campaign), list(recipient_ids)])
        return {pk: LeftOut(reason) for pk, reason in cursor.fetchall() if reason}
