"""People of whom some are there twice, and who is who: the labelled set of `bench.duplicates`.

Names are Faker's, of twelve countries with their frequencies (where Faker knows none, Zipf's). One record in
twelve is a copy: names mistyped, shortened, transliterated, changed places; addresses moved, numbers changed,
fields left out. Copies are copied again. The traps: households with one address, number and sometimes e-mail;
father and son of one name; siblings called Daniel and Daniela; twins; colleagues of one name; switchboards and
`info@`; strangers of one name.
"""

import importlib
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from contacts.matching.nicknames import groups_of, variants_of
from contacts.matching.people_rows import PersonRecord
from contacts.matching.text import fold, latin

COPIES = 0.08
LOCALES = {
    "en_US": (22, "US", "+1"), "en_GB": (16, "GB", "+44"), "de_DE": (18, "DE", "+49"), "fr_FR": (10, "FR", "+33"),
    "es_ES": (8, "ES", "+34"), "it_IT": (7, "IT", "+39"), "pl_PL": (6, "PL", "+48"), "nl_NL": (4, "NL", "+31"),
    "ru_RU": (4, "RU", "+7"), "uk_UA": (2, "UA", "+380"), "bg_BG": (2, "BG", "+359"), "el_GR": (1, "GR", "+30"),
}  # fmt: skip
FREE_MAIL = ("gmail", "outlook", "yahoo", "web", "gmx", "icloud", "hotmail", "proton")
STREETS = {
    "de_DE": ("{}straße", "{}weg", "{}gasse", "Am {}", "{}allee"), "fr_FR": ("rue {}", "avenue {}", "place {}"),
    "es_ES": ("Calle {}", "Avenida {}", "Plaza {}"), "it_IT": ("Via {}", "Viale {}", "Piazza {}"),
    "pl_PL": ("ulica {}", "aleja {}"), "nl_NL": ("{}straat", "{}laan"),
}  # fmt: skip
ENGLISH_STREETS = ("{} Street", "{} Road", "{} Avenue", "{} Lane", "{} Drive", "{} Close")
KEYS = {
    row[n]: row[max(n - 1, 0) : n] + row[n + 1 : n + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for n in range(len(row))
}
CYRILLIC = {
    "ж": ("zh", "j", "z"), "х": ("kh", "h"), "ц": ("ts", "c"), "ч": ("ch", "tch"), "ш": ("sh", "sch"),
    "щ": ("shch", "sch"), "ю": ("yu", "iu", "ju"), "я": ("ya", "ia", "ja"), "й": ("y", "i", "j"), "ы": ("y", "i"),
    "в": ("v", "w"), "е": ("e", "ye"), "ё": ("yo", "e"), "э": ("e",), "ь": ("",), "ъ": ("",), "і": ("i",),
    "ї": ("yi", "i"), "є": ("ye", "e"), "ґ": ("g",), "г": ("g", "h"), "а": "a", "б": "b", "д": "d", "з": "z",
    "и": ("i", "y"), "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": ("u", "ou"), "ф": ("f",),
}  # fmt: skip


@dataclass
class Country:
    """The names and places of a locale."""

    locale: str
    dial: str
    male: tuple[list[str], list[float]]
    female: tuple[list[str], list[float]]
    surnames: tuple[list[str], list[float]]
    cities: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Labelled:
    """Records in the order of their ids, and for each the number of the person it is about."""

    records: list[Any]
    people: list[int]
    companies: int


def _weighted(names: Any, flatness: int) -> tuple[list[str], list[float]]:
    """Names with their frequencies added up; without known ones 1 / (rank + `flatness`), in an order by chance."""
    if isinstance(names, dict):
        known = {str(name): float(weight) for name, weight in names.items()}
    else:
        ordered = sorted(set(names))
        random.Random(len(ordered)).shuffle(ordered)
        known = {str(name): 1 / (place + flatness) for place, name in enumerate(ordered)}
    return list(known), list(accumulate(known.values()))


class Maker:
    """Makes people and their copies from one seed."""

    def __init__(self, seed: int, records: int) -> None:
        self.random = random.Random(seed)
        self.total = records
        self.countries = [self._country(*item) for item in LOCALES.items()]
        self.weights = list(accumulate(weight for weight, _code, _dial in LOCALES.values()))
        self.company_count = max(records // 12, 20)
        self.addresses: set[str] = set()
        self.records: list[PersonRecord] = []
        self.people: list[int] = []

    def _country(self, locale: str, about: tuple[int, str, str]) -> Country:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        male = getattr(provider, "first_names_male", None) or provider.first_names
        female = getattr(provider, "first_names_female", None) or provider.first_names
        surnames = next(
            found
            for name in ("last_names_male", "unisex_last_names", "last_names")
            if len(found := getattr(provider, name, ())) > 50
        )
        found = Country(locale, about[2], _weighted(male, 10), _weighted(female, 10), _weighted(surnames, 60))
        for _number in range(max(self.total // 1500, 12)):
            city = self._pick(found.surnames).title() + self.random.choice(
                ("", "", " am See", "ville", "ton")
            )
            found.cities.append((city, f"{self.random.randint(10000, 99999)}"))
        return found

    def _pick(self, names: tuple[list[str], list[float]]) -> str:
        return self.random.choices(names[0], cum_weights=names[1])[0]

    def make(self) -> Labelled:
        person = 0
        while len(self.records) < self.total * (1 - COPIES):
            for record in self._household():
                self._keep(record, person)
                person += 1
        originals = len(self.records)
        while len(self.records) < self.total:
            place = self.random.randrange(originals)
            made = self._copy(self.records[place])
            self._keep(made, self.people[place])
            if self.random.random() < 0.12:
                self._keep(self._copy(made), self.people[place])
        return self._shuffled()

    def _keep(self, record: PersonRecord, person: int) -> None:
        self.records.append(record)
        self.people.append(person)

    def _shuffled(self) -> Labelled:
        order = list(range(len(self.records)))
        self.random.shuffle(order)
        records = [replace(self.records[place], id=number + 1) for number, place in enumerate(order)]
        return Labelled(records, [self.people[place] for place in order], self.company_count)

    # people

    def _household(self) -> Iterator[PersonRecord]:
        """One person, or a family of two to five with much in common."""
        country = self.random.choices(self.countries, cum_weights=self.weights)[0]
        surname, address = self._pick(country.surnames), self._address(country)
        if self.random.random() > 0.14:
            yield self._person(country, surname, address)
            return
        landline = self._phone(country, mobile=False)
        shared_mail = f"{_letters(surname)}.family@{self._free_mail()}" if self.random.random() < 0.2 else ""
        senior: PersonRecord | None = None
        size = self.random.choice((2, 2, 2, 3, 3, 4, 5))
        for number in range(size):
            other = self._pick(country.surnames) if self.random.random() < 0.12 else surname
            member = self._person(country, other, address)
            if senior is not None and number > 1 and self.random.random() < 0.07:
                member = self._namesake(member, senior)
            elif senior is not None and number > 2 and self.random.random() < 0.06:
                member = replace(member, birthday=senior.birthday)
            elif senior is not None and self.random.random() < 0.05:
                member = replace(member, first_name=_sibling(senior.first_name), last_name=senior.last_name)
            if self.random.random() < 0.6:
                member = replace(member, phones=(landline,))
            if shared_mail and self.random.random() < 0.7:
                member = replace(member, emails=(shared_mail,))
            senior = senior or member
            yield member

    def _namesake(self, member: PersonRecord, senior: PersonRecord) -> PersonRecord:
        """Son or daughter of the same name; most of the time the record says so."""
        surname, mark = senior.last_name, self.random.choice((" Jr.", " Jr.", " jun.", "", ""))
        return replace(
            member, first_name=senior.first_name, salutation=senior.salutation, last_name=surname + mark
        )

    def _person(self, country: Country, surname: str, address: tuple[str, str, str]) -> PersonRecord:
        chance = self.random.random
        female = chance() < 0.5
        given = self._pick(country.female if female else country.male)
        if chance() < 0.06:
            given += " " + self._pick(country.female if female else country.male)
        company = self._company() if chance() < 0.55 else 0
        born = date(1940, 1, 1) + timedelta(days=int(chance() * 24000))
        made = PersonRecord(
            id=0,
            first_name=given,
            last_name=surname,
            salutation=("Ms" if female else "Mr") if chance() < 0.5 else "",
            birthday=born if chance() < 0.42 else date(born.year, 1, 1) if chance() < 0.02 else None,
            emails=self._emails(given, surname, company, born.year),
            mobiles=(self._phone(country, mobile=True),) if chance() < 0.55 else (),
            phones=self._phones(country, company),
            addresses=(address,) if chance() < 0.6 else ((("", "", address[2]),) if chance() < 0.5 else ()),
            companies=(company,) if company else (),
        )
        if not (made.emails or made.mobiles or made.phones or made.addresses):
            made.emails = (self._own(self._local(given, surname, born.year, 0), self._free_mail()),)
        return made

    def _company(self) -> int:
        """Sizes differ widely: few companies have most of the people."""
        return 1 + int(self.company_count * self.random.random() ** 1.7)

    def _emails(self, given: str, surname: str, company: int, year: int) -> tuple[str, ...]:
        found = []
        if company and self.random.random() < 0.65:
            if self.random.random() < 0.06:
                found.append(f"{self.random.choice(('info', 'office', 'sales'))}@company{company}.example")
            else:
                found.append(
                    self._own(self._local(given, surname, 0, company % 4), f"company{company}.example")
                )
        if self.random.random() < (0.2 if found else 0.8):
            style = self.random.randrange(8)
            found.append(self._own(self._local(given, surname, year, style), self._free_mail()))
        return tuple(found)

    def _own(self, local: str, domain: str) -> str:
        """An address that nobody else has: the second of a name gets a number."""
        address = f"{local}@{domain}"
        while address in self.addresses:
            address = f"{local}{self.random.randint(2, 9999)}@{domain}"
        self.addresses.add(address)
        return address

    def _local(self, given: str, surname: str, year: int, style: int) -> str:
        first, last = _letters(given.split()[0]) or "x", _letters(surname) or "y"
        plain = (f"{first}.{last}", f"{first[0]}.{last}", f"{first}{last}", f"{last}.{first}")
        if style < 4:
            number = self.random.choice(("", "", f"{self.random.randint(1, 99)}")) if year else ""
            return plain[style] + number
        pet = "".join(self.random.choices(string.ascii_lowercase, k=6))
        return (f"{first}{year % 100:02d}", f"{first[0]}{last}{year}", f"{first}_{last[:3]}", pet)[style - 4]

    def _free_mail(self) -> str:
        return self.random.choice(FREE_MAIL) + ".example"

    def _phone(self, country: Country, *, mobile: bool) -> str:
        return f"{country.dial}{'17' if mobile else '30'}{self.random.randint(10**7, 10**8 - 1)}"

    def _phones(self, country: Country, company: int) -> tuple[str, ...]:
        if company and self.random.random() < 0.35:
            extension = "00" if self.random.random() < 0.4 else f"{self.random.randint(10, 99)}"
            return (f"{country.dial}40{company:06d}{extension}",)
        return (self._phone(country, mobile=False),) if self.random.random() < 0.25 else ()

    def _address(self, country: Country) -> tuple[str, str, str]:
        city, postcode = self.random.choice(country.cities)
        pattern = self.random.choice(STREETS.get(country.locale, ENGLISH_STREETS))
        street = pattern.format(self._pick(country.surnames))
        number = self.random.randint(1, 120)
        first = country.locale in ("en_US", "en_GB", "fr_FR")
        return (f"{number} {street}" if first else f"{street} {number}", postcode, city)

    # copies

    def _copy(self, record: PersonRecord) -> PersonRecord:
        chance = self.random.random
        country = self.random.choices(self.countries, cum_weights=self.weights)[0]
        first, last = self._names(record.first_name, record.last_name)
        made = replace(record, first_name=first, last_name=last)
        made.salutation = record.salutation if chance() < 0.6 else ""
        made.birthday = self._birthday(record.birthday)
        made.emails = self._copied_emails(record)
        made.mobiles = tuple(self._number(n, country) for n in record.mobiles if chance() < 0.72)
        made.phones = tuple(self._number(n, country) for n in record.phones if chance() < 0.72)
        made.addresses = tuple(self._moved(a, country) for a in record.addresses if chance() < 0.75)
        if record.companies and chance() < 0.3:
            made.companies = (self._company(),) if chance() < 0.5 else ()
        if not (made.emails or made.mobiles or made.phones or made.addresses):
            made.emails, made.mobiles = tuple(record.emails)[:1], tuple(record.mobiles)[:1]
            made.phones = tuple(record.phones)[:1] if not made.emails else ()
            made.addresses = () if made.emails or made.mobiles else record.addresses
        return made

    def _names(self, first: str, last: str) -> tuple[str, str]:
        chance = self.random.random
        if not (first + last).isascii() and chance() < 0.65:
            first, last = self._transliterated(first), self._transliterated(last)
        what = chance()
        if what < 0.14:
            first = self._nickname(first)
        elif what < 0.19:
            first = first[:1] + self.random.choice((".", ""))
        elif what < 0.24:
            first = (
                first
                + self.random.choice((" ", "-"))
                + self.random.choice(("M.", "Maria", "J.", "Jan", "A."))
            )
        elif what < 0.27 and " " in first:
            first = first.split()[0]
        elif what < 0.34:
            first = self._typo(first)
        what = chance()
        if what < 0.10:
            last = self._typo(last)
        elif what < 0.125:
            last = self._pick(self.countries[0].surnames)  # married
        elif what < 0.145:
            last = f"{last}-{self._pick(self.countries[2].surnames)}"
        if chance() < 0.04:
            first, last = last, first
        if chance() < 0.05:
            first, last = self.random.choice(((first.upper(), last.upper()), (first.lower(), last.lower())))
        return first, last

    def _nickname(self, first: str) -> str:
        word = fold(latin(first).split()[0]) if latin(first) else ""
        others = sorted(variants_of(word) - {word}) if groups_of(word) else []
        return self.random.choice(others).title() if others else first

    def _transliterated(self, text: str) -> str:
        if any("а" <= c.lower() <= "я" or c.lower() in "ієїґё" for c in text):
            letters = (self.random.choice(CYRILLIC.get(c, (c,))) for c in text.lower())
            return "".join(letters).title()
        if self.random.random() < 0.5:
            for accented, plain in (("ü", "ue"), ("ö", "oe"), ("ä", "ae"), ("ß", "ss")):
                text = text.replace(accented, plain)
        return latin(text).title()

    def _typo(self, text: str) -> str:
        if len(text) < 3:
            return text
        place, kind = self.random.randrange(1, len(text)), self.random.randrange(5)
        letter = text[place].lower()
        near = self.random.choice(KEYS.get(letter) or string.ascii_lowercase)
        if kind == 0:
            return text[:place] + text[place + 1 :]
        if kind == 1:
            return text[:place] + near + text[place + 1 :]
        if kind == 2:
            return text[:place] + letter + text[place:]
        if kind == 3:
            return text[:place] + near + text[place:]
        return text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]

    def _birthday(self, day: date | None) -> date | None:
        chance = self.random.random()
        if day is None or chance < 0.4:
            return None
        if chance < 0.43 and day.day <= 12:
            return date(day.year, day.day, day.month)
        if chance < 0.45:
            return day.replace(year=day.year + self.random.choice((-10, -1, 1, 10)), day=min(day.day, 28))
        return date(day.year, 1, 1) if chance < 0.46 else day

    def _copied_emails(self, record: PersonRecord) -> tuple[str, ...]:
        found = []
        for address in record.emails:
            chance = self.random.random()
            if chance < 0.24:
                continue
            if chance < 0.28:
                local, _at, domain = address.partition("@")
                found.append(f"{self._typo(local).lower()}@{domain}")
            elif chance < 0.40:
                style = self.random.randrange(8)
                local = self._local(record.first_name or "x", record.last_name or "y", 1975, style)
                found.append(self._own(local, self._free_mail()))
            elif chance < 0.48:
                found.append(f"{address.partition('@')[0]}@{self._free_mail()}")
            else:
                found.append(address)
        return tuple(found)

    def _number(self, number: str, country: Country) -> str:
        chance = self.random.random()
        if chance < 0.13:
            return self._phone(country, mobile=chance < 0.07)
        if chance < 0.16:
            place = self.random.randrange(4, len(number) - 2)
            return number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        return number

    def _moved(self, address: tuple[str, str, str], country: Country) -> tuple[str, str, str]:
        street, postcode, city = address
        chance = self.random.random()
        if chance < 0.2:
            return self._address(country)
        if chance < 0.45:
            for long, short in (
                ("straße", "str."),
                ("Street", "St"),
                ("Road", "Rd"),
                ("Avenue", "Ave"),
                ("ulica", "ul."),
            ):
                street = street.replace(long, short)
        elif chance < 0.55:
            street = self._typo(street)
        elif chance < 0.6:
            street = ""
        if self.random.random() < 0.04 and len(postcode) > 2:
            postcode = postcode[:-2] + postcode[-1] + postcode[-2]
        return street, postcode, city


def _sibling(given: str) -> str:
    """The name of a sibling that is almost the same: Daniel and Daniela, Mario and Maria."""
    return given[:-1] + ("o" if given[-1] == "a" else "a") if given[-1:] in "aeo" else given + "a"


def _letters(text: str) -> str:
    return latin(text).replace(" ", "")


def labelled_people(seed: int, records: int) -> Labelled:
    """About `records` people's records (copies of copies may add a few), the same for the same seed."""
    return Maker(seed, records).make()


def true_pairs(labelled: Labelled) -> set[tuple[int, int]]:
    """Every pair of ids, the lower first, that are one person's."""
    by_person: dict[int, list[int]] = {}
    for record, person in zip(labelled.records, labelled.people, strict=True):
        by_person.setdefault(person, []).append(record.id)
    return {
        (one, other)
        for ids in by_person.values()
        for place, one in enumerate(ids)
        for other in ids[place + 1 :]
    }
