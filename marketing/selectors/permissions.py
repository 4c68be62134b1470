"""Who of a campaign's ledger may not be written to any more, by the same rules as at the launch."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from contacts.enums import Frequency
from contacts.selectors.gate import NEWEST_LINE, refusal_case
from marketing.enums import CampaignState, LeftOut, RecipientState
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
_LAST_WORD = f"""
PREPARE crm_last_word(bigint[], bigint) AS
SELECT r.id
  FROM unnest($1) AS asked(id)
  JOIN marketing_recipient r ON r.id = asked.id AND r.state = '{RecipientState.LEASED}' AND r.lease_token = $2
  JOIN marketing_campaign campaign ON campaign.id = r.campaign_id AND campaign.state = '{CampaignState.SENDING}'
  LEFT JOIN contacts_contact c ON c.id = r.contact_id
  LEFT JOIN contacts_contactpreference preference ON preference.contact_id = r.contact_id
  LEFT JOIN LATERAL ({NEWEST_LINE.format(contact="r.contact_id", purpose="%(purpose)s")}) newest ON true
 WHERE {_REFUSAL} = ''
"""  # noqa: S608 - constants of the enum
FRESH_SECONDS = 0.002
"""How old an answer may be when a mail is handed over. A read costs half a mail: only mails that follow each other
faster than this share one."""
_TOGETHER = 8


class LastWord:
    """Whether leased lines may be handed over at this very moment: an indexed read of what is committed.

    No where the person, the line (it was erased), the lease or the campaign says so. The statement is planned
    once and asked without Django's layers, as it is asked for nearly each mail.
    """

    def __init__(self, cursor: Any, ids: Sequence[int], token: int) -> None:
        self._cursor, self._ids, self._token = cursor, ids, token
        self._allowed: frozenset[int] = frozenset()
        self._asked: range = range(0)
        self._until = 0.0

    def allows(self, place: int) -> bool:
        """About the line at this place of the claim; places are asked in order."""
        if place not in self._asked or time.monotonic() > self._until:
            self._ask(place)
        return self._ids[place] in self._allowed

    def _ask(self, place: int) -> None:
        self._until = time.monotonic() + FRESH_SECONDS
        self._asked = range(place, min(place + _TOGETHER, len(self._ids)))
        ids = ",".join(f"{self._ids[one]:d}" for one in self._asked)
        # EXECUTE takes no parameters: `:d` lets nothing but numbers in
        self._cursor.execute(f"EXECUTE crm_last_word('{{{ids}}}', {self._token:d})")
        self._allowed = frozenset(row[0] for row in self._cursor.fetchall())


@contextmanager
def last_word(campaign: Campaign, ids: Sequence[int], token: int) -> Iterator[LastWord]:
    """The question about one claim, prepared on this thread's connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LAST_WORD, {"consent_needed": campaign.consent_needed, "purpose": purpose_of(campaign)}
        )
        try:
            yield LastWord(cursor.cursor, ids, token)
        finally:
            cursor.execute("DEALLOCATE crm_last_word")


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
