"""People as vCards 4.0 (RFC 6350): what an import of the file makes the same people of."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet

from contacts.enums import PointKind
from contacts.models import Address, Contact, ContactPoint
from core.exporting.cards import Card

TYPES = {PointKind.PHONE.value: "voice", PointKind.MOBILE.value: "cell"}


def with_all(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What a card shows, in five queries."""
    return rows.select_related("company").prefetch_related(
        Prefetch("points", ContactPoint.objects.order_by("-is_primary", "pk"), to_attr="card_points"),
        Prefetch("addresses", Address.objects.order_by("pk"), to_attr="card_addresses"),
        "tags",
    )


def card_of(contact: Contact, hidden: frozenset[str]) -> str:
    """The card of a person, without the fields that the viewer's role hides."""
    card = Card()
    card.add("UID", contact.external_id if "external_id" not in hidden else "")
    card.add("FN", str(contact))
    shown = {
        name: getattr(contact, name) if name not in hidden else ""
        for name in (
            "first_name",
            "last_name",
            "salutation",
            "job_title",
            "language",
            "time_zone",
            "description",
        )
    }
    card.structured("N", shown["last_name"], shown["first_name"], "", shown["salutation"], "")
    for name, value in _reach(contact, hidden):
        card.add(name, value)
    for address in contact.card_addresses if "addresses" not in hidden else ():  # type: ignore[attr-defined]
        card.structured(
            "ADR", "", "", address.street, address.city, address.region, address.postcode, address.country
        )
    if contact.company is not None and "company" not in hidden:
        card.structured("ORG", contact.company.name)
    card.add("TITLE", shown["job_title"])
    if contact.birthday and "birthday" not in hidden:
        card.add("BDAY", contact.birthday.strftime("%Y%m%d"))
    if "tags" not in hidden:
        card.listed("CATEGORIES", sorted(tag.name for tag in contact.tags.all()))
    card.add("LANG", shown["language"])
    card.add("TZ", shown["time_zone"])
    card.add("NOTE", shown["description"])
    return card.text()


def _reach(contact: Contact, hidden: frozenset[str]) -> Iterator[tuple[str, str]]:
    for point in contact.card_points:  # type: ignore[attr-defined]
        preferred = ";PREF=1" if point.is_primary else ""
        if point.kind == PointKind.EMAIL and "email" not in hidden:
            yield f"EMAIL{preferred}", point.value
        elif point.kind in TYPES and "phone" not in hidden:
            yield f"TEL;TYPE={TYPES[point.kind]}{preferred}", point.value
        elif point.kind in (PointKind.WEBSITE, PointKind.SOCIAL) and "points" not in hidden:
            yield "URL", point.value
