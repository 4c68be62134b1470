"""Who is worth comparing with thousands of new records at once: known ones that share a telling key.

Wider keys (birthday, postcode, company) alone are left to the nightly scan: for a whole file they would bring in
half the house.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from contacts.enums import PointKind
from contacts.matching.companies import CompanyRecord
from contacts.matching.company_names import domain_key
from contacts.matching.people_rows import PersonRecord
from contacts.matching.reach import email_parts
from contacts.models import ContactPoint
from contacts.models.reach import email_letters
from contacts.selectors.candidates import PHONES, sort_names
from core.expressions import Among
from core.text import sort_key

SHARED = 20
"""A key that more known records have tells nobody apart."""

Close = tuple[list[int], set[int]]
"""The places of records that anybody is close to, and the ids of those."""
Keys = dict[str, list[int]]


def close_people(people: Sequence[PersonRecord], visible: QuerySet[Any]) -> Close:
    """By address, by the letters of its name at any provider, by number, by name in any order or short form."""
    names = _places(people, sort_names)
    emails = _places(people, lambda person: person.emails)
    letters = _places(people, lambda person: _letters(person.emails))
    numbers = _places(people, lambda person: [*person.phones, *person.mobiles])
    addresses = ContactPoint.objects.filter(kind=PointKind.EMAIL, contact__isnull=False)
    phones = ContactPoint.objects.filter(kind__in=PHONES, contact__isnull=False)
    spelt = addresses.annotate(letters=email_letters("normalised"))
    return _close(
        visible,
        (emails, addresses.filter(Among("normalised", emails)).values_list("normalised", "contact_id")),
        (letters, spelt.filter(Among("letters", letters)).values_list("letters", "contact_id")),
        (numbers, phones.filter(Among("normalised", numbers)).values_list("normalised", "contact_id")),
        (names, visible.filter(Among("sort_name", names)).values_list("sort_name", "pk")),
    )


def close_companies(companies: Sequence[CompanyRecord], visible: QuerySet[Any]) -> Close:
    """By web domain, by number, by name."""
    names = _places(companies, lambda company: [sort_key(company.name, 200)])
    domains = _places(companies, lambda company: [domain_key(company.domain)] if company.domain else [])
    numbers = _places(companies, lambda company: company.phones)
    phones = ContactPoint.objects.filter(kind__in=PHONES, company__isnull=False)
    return _close(
        visible,
        (domains, visible.filter(Among("domain", domains)).values_list("domain", "pk")),
        (numbers, phones.filter(Among("normalised", numbers)).values_list("normalised", "company_id")),
        (names, visible.filter(Among("sort_name", names)).values_list("sort_name", "pk")),
    )


def _places(records: Sequence[Any], keys: Callable[[Any], Iterable[str]]) -> Keys:
    found: Keys = defaultdict(list)
    for place, record in enumerate(records):
        for key in keys(record):
            if key:
                found[key].append(place)
    return found


def _letters(emails: Iterable[str]) -> set[str]:
    return {text for text in (email_parts(address)[2] for address in emails) if len(text) >= 6}


def _close(visible: QuerySet[Any], *sources: tuple[Keys, Any]) -> Close:
    hits: dict[int, set[int]] = defaultdict(set)
    for keys, rows in sources:
        holders: dict[str, set[int]] = defaultdict(set)
        for key, pk in rows if keys else ():
            holders[key].add(pk)
        for key, ids in holders.items():
            for place in keys.get(key, ()) if len(ids) <= SHARED else ():
                hits[place] |= ids
    everybody = {pk for ids in hits.values() for pk in ids}
    seen = set(visible.filter(Among("pk", everybody)).values_list("pk", flat=True)) if everybody else set()
    return sorted(place for place, ids in hits.items() if ids & seen), seen


CLOSE: dict[str, Callable[[Sequence[Any], QuerySet[Any]], Close]] = {
    "contact": close_people,
    "company": close_companies,
}
