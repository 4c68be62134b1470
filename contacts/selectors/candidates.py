"""The known records that share a key with new ones, found by indexes: who is worth comparing with them."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from functools import reduce
from itertools import permutations
from operator import or_
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from contacts.enums import PointKind
from contacts.matching.companies import CompanyRecord
from contacts.matching.company_names import core_of, domain_key
from contacts.matching.names import name_of
from contacts.matching.nicknames import variants_of
from contacts.matching.people_rows import PersonRecord
from contacts.matching.reach import email_parts
from contacts.models import Address, Company, Contact, ContactPoint
from contacts.models.reach import email_letters
from core.text import sort_key

PHONES = (PointKind.PHONE, PointKind.MOBILE)
SAME_VALUE, SAME_PLACE = 60, 1000
"""At most so many people by one address or number, and by one company, postcode or birthday, for each record."""


def people_like(people: Sequence[PersonRecord], visible: QuerySet[Any]) -> set[int]:
    """Ids among `visible` of those who share a key with any of `people`. One query."""
    limit = len(people)
    numbers = [number for person in people for number in (*person.phones, *person.mobiles)]
    sources = [
        rows.filter(contact__isnull=False).values_list("contact_id").order_by()[: most * limit]
        for rows, most in (
            (_by_email(people), SAME_VALUE),
            (_by_values(numbers, PHONES), SAME_VALUE),
            (_by_letters(people), SAME_PLACE),
        )
        if rows is not None
    ]
    sources += [
        visible.filter(condition).order_by().values_list("pk")[: SAME_PLACE * limit]
        for condition in _people_conditions(people)
    ]
    return _within(sources, visible)


def companies_like(companies: Sequence[CompanyRecord], visible: QuerySet[Any]) -> set[int]:
    """Ids among `visible` of companies that share a key with any of `companies`. One query."""
    limit = len(companies)
    sources = []
    phones = _by_values([number for company in companies for number in company.phones], PHONES)
    if phones is not None:
        rows = phones.filter(company__isnull=False).order_by().values_list("company_id")
        sources.append(rows[: SAME_VALUE * limit])
    if (condition := _company_condition(companies)) is not None:
        sources.append(visible.filter(condition).order_by().values_list("pk")[: SAME_PLACE * limit])
    postcodes = {a[1] for company in companies for a in company.addresses if a[1]}
    if postcodes:
        rows = Address.objects.filter(postcode__in=postcodes, company__isnull=False).order_by()
        sources.append(rows.values_list("company_id")[: SAME_PLACE * limit])
    return _within(sources, visible)


def _company_condition(companies: Sequence[CompanyRecord]) -> Q | None:
    found = []
    for company in companies:
        words, _legal = core_of(company.name)
        if words:
            found.append(Q(sort_name__trigram_similar=sort_key(" ".join(words))))
            found.append(Q(sort_name__contains=words[0]))
        if company.domain:
            found.append(Q(domain__iexact=domain_key(company.domain)))
            found.append(Q(domain__istartswith=domain_key(company.domain).partition(".")[0] + "."))
    return reduce(or_, found) if found else None


def _within(sources: Sequence[QuerySet[Any]], visible: QuerySet[Any]) -> set[int]:
    """The ids that the sources name, as far as they are visible. Each source is limited by itself, so that the
    planner looks each up by its own index; only what they found is looked up among the visible."""
    parts = []
    for source in sources:
        with suppress(EmptyResultSet):  # nothing is visible
            parts.append(source.query.get_compiler(source.db).as_sql())
    union = " UNION ".join(f"({sql})" for sql, _parameters in parts)
    parameters = [value for _sql, values in parts for value in values]
    if not parts:
        return set()
    found = RawSQL(f"SELECT * FROM ({union}) AS found", parameters)  # noqa: S608, S611 -- compiled by the ORM
    return set(visible.filter(pk__in=found).values_list("pk", flat=True))


def _by_values(values: Iterable[str], kinds: Iterable[str]) -> QuerySet[Any] | None:
    wanted = {value for value in values if value}
    return ContactPoint.objects.filter(kind__in=kinds, normalised__in=wanted) if wanted else None


def _by_email(people: Sequence[PersonRecord]) -> QuerySet[Any] | None:
    """The same address, or the same name at another provider."""
    addresses = {address for person in people for address in person.emails}
    if not addresses:
        return None
    condition = Q(normalised__in=addresses)
    for address in addresses:
        if len(email_parts(address)[2]) >= 6:
            condition |= Q(normalised__startswith=email_parts(address)[0] + "@")
    return ContactPoint.objects.filter(condition, kind=PointKind.EMAIL)


def _by_letters(people: Sequence[PersonRecord]) -> QuerySet[Any] | None:
    letters = {email_parts(address)[2] for person in people for address in person.emails}
    letters = {text for text in letters if len(text) >= 4}
    if not letters:
        return None
    rows: QuerySet[Any] = ContactPoint.objects.alias(letters=email_letters("normalised"))
    return rows.filter(kind=PointKind.EMAIL, letters__in=letters)


def _people_conditions(people: Sequence[PersonRecord]) -> list[Q]:
    """One condition for each index of people: names, birthday, company, postcode."""
    names = {name for person in people for name in sort_names(person)}
    birthdays = {day for person in people if person.birthday for day in _either_way(person.birthday)}
    companies = {pk for person in people for pk in person.companies}
    postcodes = {address[1] for person in people for address in person.addresses if address[1]}
    found = []
    if names:
        found.append(Q(sort_name__in=names))
    if birthdays:
        found.append(Q(birthday__in=birthdays))
    if companies:
        found.append(Q(company__in=companies) | Q(affiliations__company__in=companies))
    if postcodes:
        found.append(Q(addresses__postcode__in=postcodes))
    return found


def sort_names(person: PersonRecord) -> set[str]:
    """The sort names under which the person may be known: names in any order, given names by their other forms."""
    words = sort_key(f"{person.last_name} {person.first_name}").split()
    if not words:
        return set()
    found = {" ".join(order) for order in permutations(words)} if len(words) <= 4 else {" ".join(words)}
    given = name_of(person.first_name)
    family = sort_key(person.last_name)
    if len(given.words) == 1 and family:
        found.update(f"{family} {variant}" for variant in variants_of(given.words[0]))
    return found


def _either_way(day: date) -> set[date]:
    return {day, date(day.year, day.day, day.month)} if day.day <= 12 else {day}


CANDIDATES: dict[str, Callable[[Sequence[Any], QuerySet[Any]], set[int]]] = {
    "contact": people_like,
    "company": companies_like,
}
LIVE: dict[str, Any] = {"contact": Contact, "company": Company}
