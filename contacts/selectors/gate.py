"""The one gate before everything that is sent to a person: who may be written to, and if not, why.

`refusal_case` is the rule as SQL, for audiences of a million; `refusal_for` asks it about one person. Every
sender passes through one of the two, and asks again right before it sends.
"""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from contacts.enums import Frequency, Refusal, Sending, SuppressionCause, SuppressionScope
from contacts.models import Contact, ContactPreference, Suppression, TimelineEntry
from contacts.selectors.tombstones import erased_among

_DAYS: dict[str, int] = {Frequency.WEEKLY: 7, Frequency.MONTHLY: 30}
_mailing_kinds: set[str] = set()
NEWEST_LINE = """
SELECT k.state FROM contacts_consent k
 WHERE k.contact_id = {contact} AND k.channel = 'email'
   AND (k.purpose = {purpose} OR (k.purpose = 'marketing' AND k.state = 'withdrawn'))
 ORDER BY k.at DESC, k.id DESC LIMIT 1
"""
"""The line of the ledger that counts for a purpose: its newest one, unless all mailings were refused later."""


def refusal_case(*, address: str, contact: str, state: str, paused_until: str, consent_needed: str) -> str:
    """SQL: why no mailing goes to somebody, or the empty text. The arguments are SQL expressions: the
    normalised address, the alias of the contact's row, the state of `NEWEST_LINE`, the day until which the
    person wants nothing, and whether consent has to be there."""
    return f"""CASE
    WHEN {address} IS NULL THEN '{Refusal.NO_ADDRESS}'
    WHEN {contact}.do_not_contact OR {contact}.deleted_at IS NOT NULL THEN '{Refusal.DO_NOT_CONTACT}'
    WHEN EXISTS (SELECT 1 FROM contacts_suppression s WHERE s.address = {address})
      THEN '{Refusal.SUPPRESSED}'
    WHEN {state} = 'withdrawn' THEN '{Refusal.WITHDRAWN}'
    WHEN {state} = 'pending' THEN '{Refusal.NO_CONSENT}'
    WHEN {consent_needed} AND {state} IS DISTINCT FROM 'granted' THEN '{Refusal.NO_CONSENT}'
    WHEN {paused_until} > current_date THEN '{Refusal.PAUSED}'
    ELSE '' END"""  # noqa: S608 - the arguments are expressions of our own


_ONE = f"""
SELECT {
    refusal_case(
        address="given.address",
        contact="c",
        state="newest.state",
        paused_until="preference.paused_until",
        consent_needed="given.consent_needed",
    )
}
  FROM (SELECT %(address)s::text AS address, %(contact)s::bigint AS contact_id,
               %(consent_needed)s::boolean AS consent_needed) given
  LEFT JOIN contacts_contact c ON c.id = given.contact_id
  LEFT JOIN contacts_contactpreference preference ON preference.contact_id = given.contact_id
  LEFT JOIN LATERAL ({NEWEST_LINE.format(contact="given.contact_id", purpose="%(purpose)s")}) newest ON true
"""  # noqa: S608 - constants of this module


def refusal_for(
    *,
    address: str,
    sending: Sending,
    contact: Contact | None = None,
    purpose: str = "marketing",
    consent_needed: bool = True,
) -> Refusal | None:
    """Why nothing of this kind may be sent to a (normalised) address now; None when it may.

    Asked of the database at this moment: call it again right before sending.
    """
    if not address:
        return Refusal.NO_ADDRESS
    if sending != Sending.SERVICE and erased_among([address]):
        return Refusal.SUPPRESSED  # who was erased and writes again is answered, and not written to otherwise
    if sending == Sending.MARKETING:
        return _marketing_refusal(address, contact, purpose, consent_needed)
    held_back = Suppression.objects.filter(address=address, reach=SuppressionScope.ALL)
    if sending == Sending.REQUESTED:
        held_back = held_back.exclude(cause=SuppressionCause.MANUAL)
    if held_back.exists():
        return Refusal.SUPPRESSED
    if sending == Sending.PERSONAL and contact is not None and _left_alone(contact):
        return Refusal.DO_NOT_CONTACT
    return None


def _marketing_refusal(
    address: str, contact: Contact | None, purpose: str, consent_needed: bool
) -> Refusal | None:
    with connection.cursor() as cursor:
        cursor.execute(
            _ONE,
            {
                "address": address,
                "contact": contact.pk if contact is not None else None,
                "purpose": purpose,
                "consent_needed": consent_needed,
            },
        )
        (reason,) = cursor.fetchone()
    if not reason and contact is not None and _written_lately(contact.pk):
        return Refusal.TOO_OFTEN
    return Refusal(reason) if reason else None


def count_as_mailing(*kinds: str) -> None:
    """Name timeline kinds that say a mailing was sent: who wants few of them gets no other one meanwhile."""
    _mailing_kinds.update(kinds)


def _written_lately(contact_id: int) -> bool:
    """Whether a mailing went to the person more recently than they want. Campaigns ask their own ledger."""
    frequency = (
        ContactPreference.objects.filter(contact_id=contact_id).values_list("frequency", flat=True).first()
    )
    days = _DAYS.get(frequency or "")
    if days is None:
        return False
    since = timezone.now() - timedelta(days=days)
    rows = TimelineEntry.objects.filter(contact_id=contact_id, occurred_at__gt=since, kind__in=_mailing_kinds)
    return bool(rows.exists())


def _left_alone(contact: Contact) -> bool:
    """Read afresh: the record in hand may be older than the person's last word."""
    rows: Any = Contact.all_objects.filter(pk=contact.pk)
    return bool(rows.filter(do_not_contact=True).exists())
