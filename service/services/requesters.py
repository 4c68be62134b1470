"""Whose ticket it is: the contact behind an address, found or made."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from contacts.enums import PointKind
from contacts.models import Contact, ContactPoint
from contacts.selectors.tombstones import erased_among
from contacts.services.parties import create_contact
from core.mail.addresses import normalise_email
from core.models import Team
from core.services.base import service
from core.text import sort_key


@dataclass(frozen=True)
class Requester:
    """A name and an address as somebody gave them: a claim, which opens no door."""

    name: str
    address: str


@service
def find_or_create_requester(
    *, actor: Any, requester: Requester, team: Team | None, source: str
) -> Contact | None:
    """The contact with this address, or a new one of `team`; None for what is no address, and for somebody who
    was erased: their request is answered, and they are not taken down again by the back door.

    Several people may share an address: then who bears the given name, else who was active last. A known
    contact is never changed by what a mail claims.
    """
    address = normalise_email(requester.address)
    if address is None:
        return None
    _lock_address(address)
    known = _known(address, requester.name)
    if known is not None or erased_among([address]):
        return known
    return _create(requester.name, address, team, source)


def contacts_with(address: str) -> QuerySet[Contact]:
    """The live contacts that have a (normalised) address, the most recently active first."""
    points = ContactPoint.objects.filter(
        kind=PointKind.EMAIL, normalised=address, contact__deleted_at__isnull=True
    )
    people: QuerySet[Contact] = Contact.objects.filter(pk__in=points.values("contact_id"))
    return people.order_by("-activity_at", "pk")


def _known(address: str, name: str) -> Contact | None:
    people = list(contacts_with(address)[:20])
    wanted = sort_key(name)
    for person in people:
        if wanted and sort_key(person.name) == wanted:
            return person
    return people[0] if people else None


def _create(name: str, address: str, team: Team | None, source: str) -> Contact:
    first, last = split_name(name or address.partition("@")[0])
    return create_contact(
        actor=None,
        first_name=first,
        last_name=last,
        email=address,
        source=source[:120],
        owner=None,
        team=team,
    )


def split_name(name: str) -> tuple[str, str]:
    """(first, last) of a display name: `Lee, Ann` and `Ann Lee` are both Ann Lee."""
    words = " ".join(name.replace("\x00", "").split())[:200]
    if words.count(",") == 1:
        last, _comma, first = words.partition(",")
        return first.strip()[:100], last.strip()[:100]
    first, _space, last = words.rpartition(" ")
    return (first[:100], last[:100]) if first else (last[:100], "")


def _lock_address(address: str) -> None:
    """Two mails of one new person at the same moment make one contact: the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"requester:{address}"])
