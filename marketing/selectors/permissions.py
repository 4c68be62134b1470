"""Who of a campaign's ledger may not be written to any more, by the same rules as at the launch."""

from collections.abc import Sequence

from django.db import connection

from contacts.enums import Frequency
from contacts.selectors.gate import NEWEST_LINE, refusal_case
from marketing.enums import LeftOut
from marketing.models import Campaign


def recently_written_sql(contact: str, frequency: str) -> str:
    """SQL: whether a mailing went to the contact more recently than their preferred frequency allows."""
    return f"""({frequency} IN ('{Frequency.WEEKLY}', '{Frequency.MONTHLY}') AND EXISTS (
      SELECT 1 FROM marketing_recipient earlier
       WHERE earlier.contact_id = {contact} AND earlier.state IN ('leased', 'sent', 'unknown')
         AND coalesce(earlier.sent_at, earlier.updated_at)
             > now() - CASE WHEN {frequency} = '{Frequency.WEEKLY}' THEN interval '7 days'
                            ELSE interval '1 month' END))"""  # noqa: S608 - constants of the enum


_REFUSAL = refusal_case(
    address="r.address",
    contact="c",
    state="newest.state",
    paused_until="preference.paused_until",
    consent_needed="%(consent_needed)s",
)
_BLOCKED = f"""
SELECT r.id, CASE
    WHEN gate.refusal <> '' THEN gate.refusal
    WHEN r.state <> 'leased' AND {recently_written_sql("r.contact_id", "preference.frequency")}
      THEN '{LeftOut.TOO_OFTEN}'
    ELSE '' END AS reason
  FROM marketing_recipient r
  LEFT JOIN contacts_contact c ON c.id = r.contact_id
  LEFT JOIN contacts_contactpreference preference ON preference.contact_id = r.contact_id
  LEFT JOIN LATERAL ({NEWEST_LINE.format(contact="r.contact_id", purpose="%(purpose)s")}) newest ON true
 CROSS JOIN LATERAL (SELECT {_REFUSAL} AS refusal) gate
 WHERE r.id = ANY(%(ids)s)
"""  # noqa: S608 - constants of the enum


def purpose_of(campaign: Campaign) -> str:
    """The purpose in the consent ledger that a campaign needs."""
    return campaign.topic.key if campaign.topic else "marketing"


def blocked_recipients(campaign: Campaign, recipient_ids: Sequence[int]) -> dict[int, LeftOut]:
    """The lines that must not be sent now, with the reason. One query."""
    if not recipient_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _BLOCKED,
            {
                "consent_needed": campaign.consent_needed,
                "purpose": purpose_of(campaign),
                "ids": list(recipient_ids),
            },
        )
        return {pk: LeftOut(reason) for pk, reason in cursor.fetchall() if reason}
