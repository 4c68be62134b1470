"""Which people a file's lines mean. Shared addresses and numbers are real: the names must agree."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any

from django.db.models import Q

from contacts.enums import PointKind
from contacts.importing.further_keys import Strangers
from contacts.models import Contact, ContactPoint
from contacts.selectors.external_keys import by_further_key
from core.expressions import Among

PHONES = (PointKind.PHONE.value, PointKind.MOBILE.value)


def compatible(wanted: str, known: str) -> bool:
    """Whether two sort names («family given») can be one person's: the same, one of them unknown, or the
    same family name with given names of which one abbreviates the other.

    >>> compatible("snelling a.", "snelling anna"), compatible("snelling anna", "snelling bert")
    (True, False)
    """
    if not wanted or not known or wanted == known:
        return True
    family, _space, given = wanted.partition(" ")
    other_family, _space, other_given = known.partition(" ")
    if family != other_family:
        return False
    short, long = sorted((given.rstrip("."), other_given.rstrip(".")), key=len)
    return long.startswith(short)


def find_contacts(keys: Sequence[Hashable]) -> dict[Hashable, int]:
    """The ids of the people meant by keys `("record", our own id)`, `("external", id)`, `("email", address,
    sort name, external id)`, `("phone", number, sort name, external id)`, `("company", sort name, company id,
    external id)` and `("name", sort name)`. Nobody with another external id is meant.

    Of several people the best named, then the oldest. Five queries.
    """
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for key in keys:
        by_kind[str(key[0])].append(key)  # type: ignore[index]
    found: dict[Hashable, int] = {}
    ids = [key[1] for key in by_kind["record"]]
    for pk in Contact.objects.filter(Among("pk", ids)).values_list("pk", flat=True) if ids else ():
        found["record", pk] = pk
    _by_external(by_kind["external"], found)
    _by_point([PointKind.EMAIL.value], by_kind["email"], found)
    _by_point(PHONES, by_kind["phone"], found)
    _by_name(by_kind["company"], by_kind["name"], found)
    return found


def _by_external(keys: list[Any], found: dict[Hashable, int]) -> None:
    if not keys:
        return
    rows = Contact.objects.exclude(external_id="").filter(Among("external_id", [key[1] for key in keys]))
    for external, pk in rows.order_by("-pk").values_list("external_id", "pk"):
        found["external", external] = pk
    missing = [key[1] for key in keys if ("external", key[1]) not in found]
    found.update({("external", text): pk for text, pk in by_further_key(Contact, missing).items()})


def _by_point(kinds: Sequence[str], keys: list[Any], found: dict[Hashable, int]) -> None:
    if not keys:
        return
    holders: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    points = ContactPoint.objects.filter(
        Among("normalised", {key[1] for key in keys}),
        kind__in=kinds,
        contact__isnull=False,
        contact__deleted_at__isnull=True,
    )
    columns = ("normalised", "contact_id", "contact__sort_name", "contact__external_id")
    for value, pk, name, external in points.values_list(*columns):
        holders[value].append((pk, name, external))
    known = [(pk, external) for items in holders.values() for pk, _name, external in items]
    strangers = Strangers(Contact, known, (key[3] for key in keys))
    for key in keys:
        candidates = sorted(
            (name != key[2], pk)
            for pk, name, external in holders[key[1]]
            if compatible(key[2], name) and strangers.may_be(pk, external, key[3])
        )
        if candidates:
            found[key] = candidates[0][1]


def _by_name(with_company: list[Any], alone: list[Any], found: dict[Hashable, int]) -> None:
    if not with_company and not alone:
        return
    companies: dict[tuple[Any, ...], list[tuple[int, str]]] = defaultdict(list)
    names: dict[str, int] = {}
    wanted = {key[1] for key in (*with_company, *alone)}
    rows = Contact.objects.filter(Among("sort_name", wanted)).filter(
        Q(Among("company_id", {key[2] for key in with_company}))
        | Q(Among("sort_name", {key[1] for key in alone}))
    )
    columns = ("pk", "sort_name", "company_id", "external_id")
    for pk, name, company, external in rows.order_by("-pk").values_list(*columns):
        names[name] = pk
        if company is not None:
            companies[name, company].append((pk, external))
    everybody = [item for items in companies.values() for item in items]
    strangers = Strangers(Contact, everybody, (key[3] for key in with_company))
    for key in with_company:
        _kind, name, company, external = key
        same = [(own != external, pk) for pk, own in companies[name, company]
                if strangers.may_be(pk, own, external)]  # fmt: skip
        if same:
            found[key] = min(same)[1]
    found.update({key: names[key[1]] for key in alone if key[1] in names})
