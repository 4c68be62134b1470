"""After a restore: whoever said no since the backup is left alone again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from contacts import refusal_log
from contacts.enums import ConsentState
from contacts.models import Consent, Contact, ContactPoint
from contacts.refusal_log import Refusal
from contacts.selectors.tombstones import digest_of
from contacts.services.consents import record_consent
from contacts.services.parties import update_contact
from contacts.services.refusals import leave_alone_again, pace_again
from core.models import ChangeSet

SOURCE = "restore"
BATCH = 10_000


@dataclass
class Repeated:
    """How many lines the log has, how many noes were said `again` because the database did not know them, and
    how many lines of a `foreign` key tell of later than anything the database knows."""

    lines: int = 0
    again: int = 0
    foreign: int = 0


def replay_refusals() -> Repeated:
    """Say again by the log what people refused, each in a transaction of its own; what is known is passed over.

    The last line about an address or a person counts; each withdrawn consent gets its line in the ledger, under
    the time at which it was withdrawn. A yes is never repeated: of that there is no proof but the one that was
    lost with the database. Call it after erasing again: nothing is written about whoever was erased.
    """
    newest = ChangeSet.objects.order_by("-pk").values_list("at", flat=True).first()
    lines = list(refusal_log.refusals())
    outcome = Repeated(len(lines), foreign=refusal_log.foreign_since(newest) if newest else 0)
    outcome.again += _addresses([one for one in lines if one.about == "address"])
    outcome.again += sum(_withdraw(one) for one in lines if one.about == "purpose")
    people = {tuple(one.people[0]): one for one in lines if one.about == "person" and one.people}
    outcome.again += sum(_leave_alone(one) for one in people.values())
    return outcome


def _addresses(lines: Iterable[Refusal]) -> int:
    last = {(one.digest, one.reach): one for one in sorted(lines, key=lambda one: one.at)}
    refused = [one for one in last.values() if one.refused]
    plain = _known_addresses({one.digest for one in refused})
    return sum(
        leave_alone_again(
            actor=None,
            digest=one.digest,
            address=plain.get(one.digest, ""),
            reach=one.reach,
            cause=one.cause,
            at=datetime.fromisoformat(one.at),
        )
        for one in refused
    )


def _known_addresses(digests: set[str]) -> dict[str, str]:
    """The addresses of people here whose digests these are."""
    found: dict[str, str] = {}
    addresses = ContactPoint.objects.filter(kind="email").order_by().values_list("normalised", flat=True)
    for address in addresses.distinct().iterator(BATCH) if digests else ():
        if (digest := digest_of(address)) in digests:
            found[digest] = address
    return found


def _people(one: Refusal) -> list[Contact]:
    """The records that are meant, as far as they are here: a number may have been given anew."""
    meant = Q(pk__in=[])
    for number, created_at in one.people:
        meant |= Q(pk=number, created_at=datetime.fromisoformat(created_at))
    return list(Contact.all_objects.filter(meant).exclude(name="").order_by("pk"))


def _withdraw(one: Refusal) -> int:
    """Noted as withdrawn at its time, where neither that nor a later line is in the ledger."""
    at, written = datetime.fromisoformat(one.at), 0
    for contact in _people(one):
        ledger: Any = Consent.objects.filter(contact=contact, purpose=one.purpose, channel=one.channel)
        if ledger.filter(at__gt=at).exists() or ledger.filter(at=at, state=ConsentState.WITHDRAWN).exists():
            continue
        record_consent(
            actor=None,
            contact=contact,
            state=ConsentState.WITHDRAWN,
            source=SOURCE,
            purpose=one.purpose,
            channel=one.channel,
            at=at,
        )
        written += 1
    return written


def _leave_alone(one: Refusal) -> int:
    written = 0
    for contact in _people(one):
        changed = pace_again(
            actor=None, contact=contact, frequency=one.frequency, paused_until=one.paused_until
        )
        if one.refused and not contact.do_not_contact:
            update_contact(actor=None, contact=contact, changes={"do_not_contact": True})
            changed = True
        written += changed
    return written
