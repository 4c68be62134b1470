"""Records as matching sees them: people and companies with their points and addresses, read in ranges of ids."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Q

from contacts.enums import PointKind
from contacts.matching.companies import CompanyRecord
from contacts.matching.people_rows import PersonRecord
from contacts.models import Address, Affiliation, Company, Contact, ContactPoint

Which = Callable[[str], Q]
"""Makes the condition «this id is wanted» for a column name."""
READ = (PointKind.EMAIL, PointKind.PHONE, PointKind.MOBILE)
SHORTEST = 7
"""Shorter ones are nobody's number: a form wanted one and got something, as many others did."""


def these(ids: Iterable[int]) -> Which:
    wanted = list(ids)
    return lambda name: Q(**{f"{name}__in": wanted})


def between(low: int, high: int) -> Which:
    """Ids above `low` up to `high`."""
    return lambda name: Q(**{f"{name}__gt": low, f"{name}__lte": high})


def person_records(which: Which) -> list[PersonRecord]:
    """The live people wanted, by id. Four queries."""
    points, addresses = _points("contact_id", which), _addresses("contact_id", which)
    companies: dict[int, list[int]] = defaultdict(list)
    rows = Affiliation.objects.filter(which("contact_id")).order_by("-is_primary", "pk")
    for contact_id, company_id in rows.values_list("contact_id", "company_id"):
        companies[contact_id].append(company_id)
    names = ("pk", "first_name", "last_name", "salutation", "birthday", "company_id", "city")
    found = []
    for pk, first, last, salutation, birthday, company, city in (
        Contact.objects.filter(which("pk")).order_by("pk").values_list(*names)
    ):
        found.append(
            PersonRecord(
                id=pk,
                first_name=first,
                last_name=last,
                salutation=salutation,
                birthday=birthday,
                emails=points[pk, PointKind.EMAIL],
                phones=points[pk, PointKind.PHONE],
                mobiles=points[pk, PointKind.MOBILE],
                addresses=addresses[pk] or ([("", "", city)] if city else ()),
                companies=([company] if company else []) + companies[pk],
            )
        )
    return found


def company_records(which: Which) -> list[CompanyRecord]:
    """The live companies wanted, by id. Three queries."""
    points, addresses = _points("company_id", which), _addresses("company_id", which)
    names = ("pk", "name", "domain", "country", "city")
    return [
        CompanyRecord(
            id=pk,
            name=name,
            domain=domain,
            country=country,
            phones=points[pk, PointKind.PHONE] + points[pk, PointKind.MOBILE],
            addresses=addresses[pk] or ([("", "", city)] if city else ()),
        )
        for pk, name, domain, country, city in (
            Company.objects.filter(which("pk")).order_by("pk").values_list(*names)
        )
    ]


def _points(party: str, which: Which) -> dict[tuple[int, str], list[str]]:
    """Normalised values by record and kind, the primary ones first, without numbers that are none."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = ContactPoint.objects.filter(which(party), kind__in=READ).order_by("-is_primary", "pk")
    for pk, kind, value in rows.values_list(party, "kind", "normalised"):
        if kind == PointKind.EMAIL or len(value) >= SHORTEST:
            found[pk, kind].append(value)
    return found


def _addresses(party: str, which: Which) -> dict[int, list[tuple[str, str, str]]]:
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    rows = Address.objects.filter(which(party)).order_by("pk")
    for pk, street, postcode, city in rows.values_list(party, "street", "postcode", "city"):
        if street or postcode or city:
            found[pk].append((street, postcode, city))
    return found


READERS: dict[str, Callable[[Which], Any]] = {"contact": person_records, "company": company_records}
MODELS: dict[str, Any] = {"contact": Contact, "company": Company}


def all_records(kind: str, step: int = 20_000) -> Iterator[list[Any]]:
    """Every live record of a kind in the order of ids, a step of ids at a time."""
    ids = MODELS[kind].all_objects.order_by("pk").values_list("pk", flat=True)
    low = (ids.first() or 1) - 1
    last = ids.last() or 0
    while low < last:
        high = min(low + step, last)
        yield READERS[kind](between(low, high))
        low = high
