"""Who says no is written down apart from the database too, and said again after a restore."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from contacts import refusal_log
from contacts.enums import ConsentState, Frequency, SuppressionCause
from contacts.events import AddressesAllowed, AddressesRefused
from contacts.models import Consent, Contact, ContactPreference, Suppression
from contacts.refusal_log import Refusal
from contacts.selectors.merges import merged_ids
from contacts.selectors.tombstones import digest_of
from core.events import publish
from core.services.base import service


def tell_refused(addresses: Sequence[str], *, reach: str, cause: str) -> None:
    """Within the service that suppressed them: the addresses' digests go to the log with the commit."""
    if addresses:
        publish(
            AddressesRefused(
                digests=[digest_of(one) for one in addresses],
                reach=str(reach),
                cause=str(cause),
                at=timezone.now().isoformat(),
            )
        )


def tell_allowed(addresses: Sequence[str], *, reach: str) -> None:
    """The same for addresses that were let in again."""
    if addresses:
        publish(
            AddressesAllowed(
                digests=[digest_of(one) for one in addresses],
                reach=str(reach),
                at=timezone.now().isoformat(),
            )
        )


@service
def log_addresses(
    *, actor: Any, digests: Iterable[str], reach: str, at: str, cause: str = "", refused: bool = True
) -> None:
    """Write down that addresses are left alone from now on, or no longer."""
    refusal_log.append(
        Refusal("address", at, refused, digest=one, reach=reach, cause=cause) for one in digests
    )


@service
def log_withdrawal(*, actor: Any, contact_id: int, purpose: str, channel: str) -> None:
    """Write down somebody's newest withdrawal for the purpose; nothing of whoever was erased meanwhile."""
    contact = _living(contact_id)
    rows = Consent.objects.filter(
        contact=contact_id, purpose=purpose, channel=channel, state=ConsentState.WITHDRAWN
    )
    line = rows.order_by("-at", "-id").first()
    if contact is not None and line is not None:
        at = line.at.isoformat()
        one = Refusal("purpose", at, people=records_of(contact), purpose=purpose, channel=channel)
        refusal_log.append([one])


@service
def log_wishes(*, actor: Any, contact_ids: Iterable[int]) -> None:
    """Write down whether people are not to be contacted, how often at most, and until when not at all: as it
    stands now, so that it does not matter in which order this is called."""
    now = timezone.now().isoformat()
    people = Contact.objects.in_bulk(list(contact_ids))
    paces = {row.contact_id: row for row in ContactPreference.objects.filter(contact__in=people)}
    lines = []
    for pk, contact in people.items():
        pace = paces.get(pk)
        lines.append(
            Refusal(
                "person",
                now,
                contact.do_not_contact,
                people=records_of(contact),
                frequency=pace.frequency if pace else "",
                paused_until=pace.paused_until.isoformat() if pace and pace.paused_until else "",
            )
        )
    refusal_log.append(lines)


def records_of(contact: Contact) -> list[tuple[int, str]]:
    """The person's record and those merged into it: a backup may hold them apart."""
    merged = Contact.all_objects.filter(pk__in=merged_ids("contact", contact.pk)).order_by("pk")
    return [(one.pk, one.created_at.isoformat()) for one in (contact, *merged)]


def _living(contact_id: int) -> Contact | None:
    found: Contact | None = Contact.objects.filter(pk=contact_id).first()
    return found


@service
def leave_alone_again(*, actor: Any, digest: str, address: str, reach: str, cause: str, at: datetime) -> bool:
    """Suppress an address that the database had forgotten; one that nobody here has (`address` is empty) is known
    by its digest until somebody writes it down. Returns whether it was not suppressed yet."""
    known = Q(address__in=[text for text in (address, digest) if text], reach=reach)
    if Suppression.objects.filter(known | Q(address=digest, cause=SuppressionCause.ERASED)).exists():
        return False
    Suppression.objects.create(
        address=address or digest, reach=reach, cause=cause or SuppressionCause.MANUAL, at=at
    )
    return True


@service
def settle_refusals(*, actor: Any, addresses: Iterable[str]) -> None:
    """Addresses that are being written down and were refused before a restore: their entries name them now."""
    by_digest = {digest_of(address): address for address in addresses}
    rows = Suppression.objects.filter(address__in=list(by_digest)).exclude(cause=SuppressionCause.ERASED)
    for row in rows:
        plain = by_digest[row.address]
        if Suppression.objects.filter(address=plain, reach=row.reach).exists():
            row.delete()
        else:
            row.address = plain
            row.save(update_fields=["address", "updated_at"])


@service
def pace_again(*, actor: Any, contact: Contact, frequency: str, paused_until: str) -> bool:
    """Keep to the pace that somebody had asked for, where it is the slower one. Returns whether anything changed."""
    if not paused_until and frequency in ("", Frequency.ANY):
        return False
    row, _created = ContactPreference.objects.select_for_update().get_or_create(contact=contact)
    before = (row.frequency, row.paused_until)
    order = list(Frequency.values)
    if frequency in order and order.index(frequency) > order.index(row.frequency):
        row.frequency = frequency
    if paused_until:
        until = datetime.fromisoformat(paused_until).date()
        row.paused_until = max(until, row.paused_until or until)
    if (row.frequency, row.paused_until) != before:
        row.save()
    return (row.frequency, row.paused_until) != before
