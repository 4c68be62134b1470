"""Companies as columns: their blocks and how any two of them agree."""

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import numpy as np
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from contacts.matching.agreement import Levels, Shape, cut
from contacts.matching.blocking import Block
from contacts.matching.columns import (
    Codes,
    Ints,
    Slots,
    Vocabulary,
    best_of_slots,
    combined,
    compare_codes,
    holders,
    rows_of,
)
from contacts.matching.people_columns import Population
from contacts.matching.reach import SHARED_PLACE, AddressLevel, address_level, exactness, place_of
from contacts.matching.text import fold, latin, skeleton

_LEGAL = {
    "gmbh": "gmbh", "mbh": "gmbh", "ag": "ag", "se": "se", "kg": "kg", "kgaa": "kg", "ohg": "ohg", "ug": "ug",
    "ev": "ev",
    "ltd": "ltd", "limited": "ltd", "plc": "plc", "llc": "llc", "llp": "llp", "lp": "lp", "inc": "inc",
    "incorporated": "inc", "corp": "inc", "corporation": "inc", "co": "co", "company": "co", "sa": "sa", "sas": "sas",
    "sarl": "sarl", "eurl": "sarl", "srl": "srl", "spa": "spa", "sl": "sl", "slu": "sl", "bv": "bv", "nv": "nv",
    "ab": "ab", "as": "as", "aps": "aps", "oy": "oy", "oyj": "oy", "spzoo": "spzoo", "sro": "sro", "kft": "kft",
    "doo": "doo", "ood": "ood", "eood": "ood", "pty": "pty", "pvt": "pvt", "ooo": "ooo", "zao": "zao", "sti": "sti",
}  # fmt: skip
_DOTTED = re.compile(r"\b(?:[a-z]\.\s?){2,}|\bsp\.?\s?z\s?o\.?\s?o\.?", re.IGNORECASE)
_WEAK = frozenset(
    [
        "the",
        "and",
        "und",
        "et",
        "y",
        "group",
        "gruppe",
        "holding",
        "holdings",
        "international",
        "intl",
        "und",
        "der",
        "die",
        "das",
        "la",
        "le",
    ]
)
SHARED_DOMAIN = 5


class CompanyName(StrEnum):
    SAME = "same"
    PART = "part"
    TYPO = "typo"
    ALIKE = "alike"
    DIFFERENT = "different"
    MISSING = "missing"


class DomainLevel(StrEnum):
    SAME = "same"
    SHARED = "shared"
    STEM = "stem"
    ALIKE = "alike"
    DIFFERENT = "different"
    MISSING = "missing"


SHAPE = Shape(
    features={
        "name": tuple(level.value for level in CompanyName),
        "namesakes": ("none", "few", "some", "many"),
        "legal": ("same", "different", "missing"),
        "domain": tuple(level.value for level in DomainLevel),
        "phone": ("same", "different", "missing"),
        "address": tuple(level.value for level in AddressLevel),
        "country": ("same", "different", "missing"),
    },
    crosses=(
        ("name", "domain"),
        ("name", "phone"),
        ("name", "address"),
        ("name", "legal"),
        ("name", "country"),
        ("namesakes", "domain"),
        ("namesakes", "address"),
        ("domain", "address"),
        ("domain", "phone"),
        ("domain", "country"),
        ("legal", "country"),
    ),
)


@dataclass(slots=True)
class CompanyRecord:
    """One company as matching sees it. `addresses` are (street, postcode, city)."""

    id: int
    name: str = ""
    domain: str = ""
    country: str = ""
    phones: Iterable[str] = ()
    addresses: Iterable[tuple[str, str, str]] = ()


@lru_cache(maxsize=50_000)
def core_of(name: str) -> tuple[tuple[str, ...], str]:
    """The words of a company's name without its legal form, and the legal form.

    >>> core_of("The Müller & Söhne GmbH & Co. KG"), core_of("Acme S.p.A.")
    ((('muller', 'sohne'), 'gmbh'), (('acme',), 'spa'))
    """
    text = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found.group()) + " ", name)
    legal = ""
    kept: list[str] = []
    for word in map(fold, latin(text).split()):
        if word in _LEGAL and (kept or word not in ("se", "as", "co")):
            legal = legal or _LEGAL[word]
        elif word not in _WEAK:
            kept.append(word)
    return tuple(kept) or tuple(map(fold, latin(name).split())), legal


def domain_key(domain: str) -> str:
    """A web domain without scheme, path and «www.».

    >>> domain_key("https://www.Acme.example/de")
    'acme.example'
    """
    plain = re.sub(r"^[a-z]+://", "", domain.strip().lower())
    return re.split(r"[/?#:]", plain, maxsplit=1)[0].removeprefix("www.")


def _stem(domain: str) -> str:
    """What a domain is called without its country: acme of acme.co.uk."""
    parts = domain.split(".")
    while len(parts) > 1 and (len(parts[-1]) <= 3 or parts[-1] in ("example", "info")):
        parts.pop()
    return parts[-1]


def company_name_level(one: tuple[str, ...], other: tuple[str, ...]) -> CompanyName:
    """How the words of two companies' names agree; the order of the two does not matter."""
    if not one or not other:
        return CompanyName.MISSING
    joined, other_joined = "".join(one), "".join(other)
    if joined == other_joined or sorted(one) == sorted(other):
        return CompanyName.SAME
    if set(one) < set(other) or set(other) < set(one):
        return CompanyName.PART
    shorter = min(len(joined), len(other_joined))
    if shorter >= 5 and DamerauLevenshtein.distance(joined, other_joined, score_cutoff=2) <= 1 + (
        shorter >= 10
    ):
        return CompanyName.TYPO
    if JaroWinkler.similarity(joined, other_joined) >= 0.92 and one[0][0] == other[0][0]:
        return CompanyName.ALIKE
    return CompanyName.DIFFERENT


def domain_level(one: str, other: str) -> DomainLevel:
    """How two domains that are not equal agree."""
    stem, other_stem = _stem(one), _stem(other)
    if stem == other_stem and len(stem) > 3:
        return DomainLevel.STEM
    if (
        min(len(stem), len(other_stem)) > 5
        and DamerauLevenshtein.distance(stem, other_stem, score_cutoff=1) == 1
    ):
        return DomainLevel.ALIKE
    return DomainLevel.DIFFERENT


class Companies:
    """Companies added one by one, then frozen into columns."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.names, self.legals, self.domains = Vocabulary(), Vocabulary(), Vocabulary()
        self.phones, self.places, self.words = Vocabulary(), Vocabulary(), Vocabulary()
        self.countries = Vocabulary()
        self._name, self._legal, self._domain, self._country = array("i"), array("i"), array("i"), array("i")
        self._phones, self._places, self._words = Slots(3), Slots(2), Slots(4)

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, company: CompanyRecord) -> None:
        words, legal = core_of(company.name)
        self.ids.append(company.id)
        self._name.append(self.names.code(words))
        self._legal.append(self.legals.code(legal))
        self._domain.append(self.domains.code(domain_key(company.domain)))
        self._country.append(self.countries.code(company.country))
        self._phones.add(map(self.phones.code, company.phones))
        self._places.add(
            self.places.code(place_of(*address)) for address in company.addresses if any(address)
        )
        self._words.add(self.words.code(skeleton(word)) for word in words[:4] if len(word) > 2)

    def freeze(self, population: Population | None = None) -> "FrozenCompanies":
        return FrozenCompanies(self)


class FrozenCompanies:
    """Columns that are compared. Rows are given as arrays of row numbers."""

    shape = SHAPE
    population = Population()

    def __init__(self, companies: Companies) -> None:
        self.companies = companies
        for vocabulary in (companies.names, companies.domains, companies.phones, companies.places):
            vocabulary.close()
        self.ids: Ints = np.frombuffer(companies.ids, dtype=np.int64)
        self.name: Codes = np.frombuffer(companies._name, dtype=np.int32)
        self.legal: Codes = np.frombuffer(companies._legal, dtype=np.int32)
        self.domain: Codes = np.frombuffer(companies._domain, dtype=np.int32)
        self.country: Codes = np.frombuffer(companies._country, dtype=np.int32)
        self.phones, self.places = companies._phones.frozen(), companies._places.frozen()
        self.words = companies._words.frozen()
        sorted_names = Vocabulary()
        keys = [sorted_names.code("".join(sorted(words))) for words in companies.names.values] + [-1]
        self.key_of: Codes = np.array(keys, dtype=np.int32)
        self.key_counts = holders(self.key_of[self.name].reshape(-1, 1), len(sorted_names) + 1)
        self.domain_holders = holders(self.domain.reshape(-1, 1), len(companies.domains) + 1)
        self.place_holders = holders(self.places, len(companies.places) + 1)

    def __len__(self) -> int:
        return len(self.ids)

    def blocks(self) -> Iterator[Block]:
        """Every block, one at a time."""
        rows = np.arange(len(self), dtype=np.int32)
        named = rows[self.name >= 0]
        yield Block("name", named, self.key_of[self.name[named]].astype(np.int64), 20)
        sounds = Vocabulary()
        table = [sounds.code(skeleton("".join(sorted(words)))) for words in self.companies.names.values] + [
            -1
        ]
        sound = np.array(table, dtype=np.int32)
        yield Block("sound of the name", named, sound[self.name[named]].astype(np.int64), 15)
        stems = Vocabulary()
        table = [stems.code(_stem(domain)) for domain in self.companies.domains.values] + [-1]
        stem = np.array(table, dtype=np.int32)
        online = rows[self.domain >= 0]
        yield Block("domain", online, stem[self.domain[online]].astype(np.int64), 20)
        phoned, codes = rows_of(self.phones)
        yield Block("phone", phoned, codes.astype(np.int64), 20)
        placed, codes = rows_of(self.places)
        values = self.companies.places.values
        streets = np.array([bool(place[0]) for place in values] + [False])
        yield Block("street", placed[streets[codes]], codes[streets[codes]].astype(np.int64), 20)
        for name, part in (("postcode", 2), ("city", 3)):
            parts = Vocabulary()
            column = np.array([parts.code(place[part]) for place in values] + [-1], dtype=np.int32)
            known = column[codes] >= 0
            yield Block(f"{name} and word", *combined(placed[known], column[codes][known], self.words), 30)
        worded, words = rows_of(self.words)
        yield Block("word", worded, words.astype(np.int64), 12)

    def levels(self, left: Codes, right: Codes) -> Levels:
        """How the companies in rows `left` and `right` agree."""
        names, domains, places = (
            self.companies.names.values,
            self.companies.domains.values,
            self.companies.places.values,
        )
        found = np.empty((len(left), len(SHAPE.features)), dtype=np.int8)
        found[:, 0] = compare_codes(
            self.name[left], self.name[right],
            lambda x, y: _NAME[company_name_level(names[x], names[y])], 0, _NAME[CompanyName.MISSING],
        )  # fmt: skip
        one, other = self.key_of[self.name[left]], self.key_of[self.name[right]]
        same = (one == other) & (one >= 0)
        found[:, 1] = np.where(same, cut(self.key_counts[one], 3, 8) + 1, 0)
        found[:, 2] = compare_codes(self.legal[left], self.legal[right], lambda x, y: 1, 0, 2)
        found[:, 3] = self._compare_domains(left, right, domains)
        found[:, 4] = best_of_slots(self.phones[left], self.phones[right], lambda x, y: 1, lambda codes: 0, 2)
        found[:, 5] = best_of_slots(
            self.places[left], self.places[right],
            lambda x, y: _ADDRESS[address_level(places[x], places[y])], self._same_place,
            _ADDRESS[AddressLevel.MISSING],
        )  # fmt: skip
        found[:, 6] = compare_codes(self.country[left], self.country[right], lambda x, y: 1, 0, 2)
        return found

    def _compare_domains(self, left: Codes, right: Codes, domains: list[str]) -> Levels:
        found = compare_codes(
            self.domain[left], self.domain[right],
            lambda x, y: _DOMAIN[domain_level(domains[x], domains[y])], 0, _DOMAIN[DomainLevel.MISSING],
        )  # fmt: skip
        same = found == 0
        found[same] = (self.domain_holders[self.domain[left[same]]] >= SHARED_DOMAIN).astype(np.int8)
        return found

    def _same_place(self, codes: Codes) -> Any:
        exact = np.array(
            [_ADDRESS[exactness(place)] for place in self.companies.places.values] + [0], dtype=np.int8
        )
        crowded = (self.place_holders[codes] >= SHARED_PLACE) & (exact[codes] == 0)
        return np.where(crowded, _ADDRESS[AddressLevel.SHARED], exact[codes]).astype(np.int8)


_NAME = {level: place for place, level in enumerate(CompanyName)}
_DOMAIN = {level: place for place, level in enumerate(DomainLevel)}
_ADDRESS = {level: place for place, level in enumerate(AddressLevel)}
