"""After a restore: whoever was erased since the backup is erased again, whoever said no is left alone again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from contacts import erasure_log
from contacts.models import Contact, ContactPoint, Erasure
from contacts.selectors.tombstones import digest_of
from contacts.services.privacy import erase_again, write_log
from contacts.services.replaying_refusals import replay_refusals
from contacts.services.tombstones import set_tombstones
from core.services.base import service

REACH = ("email", "phone", "mobile")


@dataclass
class Replayed:
    """`entries` in the log, how many people were `erased` again, rows that were `logged` afterwards, and
    `foreign` entries: what the database knows nothing of, signed with another key than ours. `refusals` are the
    lines of the log of refusals, `refused` those that were said again."""

    entries: int = 0
    erased: int = 0
    logged: int = 0
    foreign: int = 0
    refusals: int = 0
    refused: int = 0


def replay_logs() -> Replayed:
    """Erase again and refuse again by the logs that lie apart from the database, in this order."""
    outcome, repeated = replay_erasures(), replay_refusals()
    outcome.refusals, outcome.refused = repeated.lines, repeated.again
    outcome.foreign += repeated.foreign
    return outcome


def replay_erasures() -> Replayed:
    """Erase again by the log, each person in a transaction of their own; what is erased already is passed over.

    A person is known by number and creation time (a number may have been given anew after the restore), and by
    the digests of their addresses: who was two records in the backup and one when erased is found under both,
    with an address or without.
    """
    outcome = Replayed(logged=complete_log(actor=None))
    foreign = erasure_log.foreign_tokens()
    outcome.foreign = len(foreign - set(Erasure.objects.values_list("token", flat=True))) if foreign else 0
    entries = {entry.token: entry for entry in erasure_log.entries()}
    outcome.entries = len(entries)
    for entry in entries.values():
        set_tombstones(actor=None, digests=entry.digests)
    by_digest = {digest: entry for entry in entries.values() for digest in entry.digests}
    meant = [(entry, contact) for entry in entries.values() for contact in _by_number(entry)]
    meant += _by_address(by_digest)
    done: set[int] = set()
    for entry, contact in meant:
        if contact.pk not in done:
            done.add(contact.pk)
            erase_again(
                actor=None, contact=contact, token=entry.token if not _known(entry) else _other(entry)
            )
            outcome.erased += 1
    return outcome


@service
def complete_log(*, actor: Any) -> int:
    """Write down erasures that the log lacks (the machine stopped between commit and log); returns how many."""
    known = {entry.token for entry in erasure_log.entries()}
    missing = [row for row in Erasure.objects.order_by("pk") if row.token not in known]
    for row in missing:
        write_log(row)
    return len(missing)


def _by_number(entry: erasure_log.Entry) -> list[Contact]:
    meant = Q()
    for number, created_at in [(entry.contact, entry.contact_created_at), *entry.merged]:
        meant |= Q(pk=number, created_at=datetime.fromisoformat(created_at))
    return list(Contact.all_objects.filter(meant).exclude(name="").order_by("pk"))


def _by_address(by_digest: dict[str, erasure_log.Entry]) -> list[tuple[erasure_log.Entry, Contact]]:
    """Contacts with an erased address that they had before it was erased."""
    found: dict[int, erasure_log.Entry] = {}
    points = ContactPoint.objects.filter(kind__in=REACH, contact__isnull=False).values_list(
        "normalised", "contact_id", "created_at"
    )
    for normalised, contact_id, created_at in points.iterator(10_000) if by_digest else ():
        entry = by_digest.get(digest_of(normalised))
        if entry is not None and created_at < datetime.fromisoformat(entry.at):
            found[contact_id] = entry
    people = Contact.all_objects.in_bulk(list(found))
    return [(found[pk], contact) for pk, contact in people.items()]


def _known(entry: erasure_log.Entry) -> bool:
    return bool(Erasure.objects.filter(token=entry.token).exists())


def _other(entry: erasure_log.Entry) -> str:
    """A name for a second record of the same erasure."""
    number = Erasure.objects.filter(token__startswith=entry.token[:24]).count()
    return f"{entry.token[:24]}{number:08x}"
