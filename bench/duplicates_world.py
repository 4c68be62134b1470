"""People as the labelled sets make them: countries with their names and places, addresses, numbers, e-mail."""

import importlib
import random
import string
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from contacts.matching.people_rows import PersonRecord
from contacts.matching.text import latin

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


@dataclass
class Country:
    """The names and places of a locale."""

    locale: str
    dial: str
    male: tuple[list[str], list[float]]
    female: tuple[list[str], list[float]]
    surnames: tuple[list[str], list[float]]
    cities: list[tuple[str, str]] = field(default_factory=list)


def _weighted(names: Any, flatness: int) -> tuple[list[str], list[float]]:
    """Names with their frequencies added up; without known ones 1 / (rank + `flatness`), in an order by chance."""
    if isinstance(names, dict):
        known = {str(name): float(weight) for name, weight in names.items()}
    else:
        ordered = sorted(set(names))
        random.Random(len(ordered)).shuffle(ordered)
        known = {str(name): 1 / (place + flatness) for place, name in enumerate(ordered)}
    return list(known), list(accumulate(known.values()))


class World:
    """Makes single people from one seed."""

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
        first, last = letters(given.split()[0]) or "x", letters(surname) or "y"
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


def letters(text: str) -> str:
    return latin(text).replace(" ", "")
