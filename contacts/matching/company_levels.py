"""How any two companies agree: the words of agreement, and the level of each for pairs of rows."""

from typing import TYPE_CHECKING, Any

import numpy as np

from contacts.matching.agreement import Levels, Shape, cut
from contacts.matching.columns import Codes, best_of_slots, compare_codes
from contacts.matching.company_names import CompanyName, DomainLevel, company_name_level, domain_level
from contacts.matching.people_columns import LEAST_TOTAL
from contacts.matching.reach import (
    SHARED_PLACE,
    AddressLevel,
    PhoneLevel,
    address_level,
    exactness,
    phone_level,
)

if TYPE_CHECKING:
    from contacts.matching.companies import FrozenCompanies

SHARED_DOMAIN = 5
CHANCE = ("none", "never", "hardly", "rarely", "seldom", "sometimes", "often", "usual")
CHANCES = (0.003, 0.02, 0.1, 0.4, 1.5, 6)
SPELLING = ("same", "odd", "usual")
SHAPE = Shape(
    features={
        "name": tuple(level.value for level in CompanyName),
        "namesakes": ("none", "pair", "few", "some", "many"),
        "chance": CHANCE,
        "spelling": SPELLING,
        "legal": ("same", "different", "missing"),
        "domain": tuple(level.value for level in DomainLevel),
        "site_name": ("theirs", "other", "missing"),
        "phone": ("same", "digit", "different", "missing"),
        "address": tuple(level.value for level in AddressLevel),
        "country": ("same", "different", "missing"),
    },
    crosses=(
        *(
            (name, other)
            for name in ("name", "chance", "spelling")
            for other in ("domain", "phone", "address", "legal", "country")
        ),
        ("name", "chance"),
        ("name", "spelling"),
        ("name", "site_name"),
        ("spelling", "site_name"),
        ("namesakes", "chance"),
        *(("namesakes", other) for other in ("domain", "phone", "address", "legal", "country")),
        ("domain", "address"),
        ("domain", "phone"),
        ("domain", "country"),
        ("phone", "address"),
        ("legal", "country"),
        ("chance", "namesakes", "country"),
        ("chance", "domain", "phone"),
        ("chance", "domain", "address"),
        ("chance", "phone", "address"),
        ("name", "domain", "phone"),
        ("name", "domain", "address"),
    ),
)
_PLACE = {name: place for place, name in enumerate(SHAPE.features)}
_NAME = {level: place for place, level in enumerate(CompanyName)}
_DOMAIN = {level: place for place, level in enumerate(DomainLevel)}
_ADDRESS = {level: place for place, level in enumerate(AddressLevel)}
_PHONE = SHAPE.features["phone"]


def levels_of(companies: "FrozenCompanies", left: Codes, right: Codes) -> Levels:
    """One row of levels for each pair."""
    names, phones = companies.companies.names.values, companies.companies.phones.values
    name = compare_codes(
        companies.name[left], companies.name[right],
        lambda x, y: _NAME[company_name_level(names[x], names[y])], 0, _NAME[CompanyName.MISSING],
    )  # fmt: skip
    found = {
        "name": name,
        "namesakes": _namesakes(companies, left, right),
        "chance": _chances(companies, left, right, name),
        "spelling": _spellings(companies, left, right, name),
        "legal": compare_codes(companies.legal[left], companies.legal[right], lambda x, y: 1, 0, 2),
        "domain": _domains(companies, left, right),
        "site_name": _site_names(companies, left, right, name),
        "phone": best_of_slots(
            companies.phones[left], companies.phones[right],
            lambda x, y: _PHONE.index(phone_level(phones[x], phones[y]).value),
            lambda codes: 0, _PHONE.index(PhoneLevel.MISSING),
        ),
        "address": _places(companies, left, right),
        "country": compare_codes(companies.country[left], companies.country[right], lambda x, y: 1, 0, 2),
    }  # fmt: skip
    rows = np.empty((len(left), len(SHAPE.features)), dtype=np.int8)
    for key, column in found.items():
        rows[:, _PLACE[key]] = column
    return rows


def _namesakes(companies: "FrozenCompanies", left: Codes, right: Codes) -> Levels:
    """How many records have this very name, where both have the same."""
    one, other = companies.key_of[companies.name[left]], companies.key_of[companies.name[right]]
    same = (one == other) & (one >= 0)
    return np.where(same, cut(companies.key_counts[one], 2, 3, 8) + 1, 0).astype(np.int8)


def _chances(companies: "FrozenCompanies", left: Codes, right: Codes, name: Levels) -> Levels:
    """How many others of such a name to expect among all, from how common its words are."""
    expected = np.maximum(companies.expected[companies.name[left]], companies.expected[companies.name[right]])
    found = np.searchsorted(np.array(CHANCES), expected, side="left") + 1
    unknown = np.isin(name, [_NAME[CompanyName.DIFFERENT], _NAME[CompanyName.MISSING]])
    return np.where(unknown, 0, found).astype(np.int8)


def _spellings(companies: "FrozenCompanies", left: Codes, right: Codes, name: Levels) -> Levels:
    """Where alike names have different words: whether hardly any other company has one of them, as with a word
    that is mistyped, or whether all are words that companies have. Among few companies no word can be told from a
    slip."""
    names, share = companies.companies.names.values, companies.word_share
    if companies.population.total < LEAST_TOTAL:
        return np.zeros(len(left), dtype=np.int8)

    def level(one: int, other: int) -> int:
        apart = set(names[one]) ^ set(names[other])
        if not apart:
            return SPELLING.index("same")
        return SPELLING.index("usual" if all(word in share for word in apart) else "odd")

    found = compare_codes(companies.name[left], companies.name[right], level, 0, 0)
    found[name == _NAME[CompanyName.DIFFERENT]] = SPELLING.index("same")
    return found


def _domains(companies: "FrozenCompanies", left: Codes, right: Codes) -> Levels:
    domains, is_named = companies.companies.domains.values, companies.is_named

    def level(one: int, other: int) -> int:
        found = domain_level(domains[one], domains[other])
        if found == DomainLevel.STEM and (is_named[one] or is_named[other]):
            found = DomainLevel.NAMED
        return _DOMAIN[found]

    found = compare_codes(
        companies.domain[left], companies.domain[right], level, 0, _DOMAIN[DomainLevel.MISSING]
    )
    same = found == 0
    crowded = companies.domain_holders[companies.domain[left[same]]] >= SHARED_DOMAIN
    found[same] = np.where(crowded, _DOMAIN[DomainLevel.SHARED], _DOMAIN[DomainLevel.SAME])
    return found


def _site_names(companies: "FrozenCompanies", left: Codes, right: Codes, name: Levels) -> Levels:
    """Where two names differ: whether the web domain of one is made of the other's name."""
    found = np.full(len(left), 2, dtype=np.int8)
    joined = ["".join(words) for words in companies.companies.names.values]
    differs = np.flatnonzero((name != _NAME[CompanyName.SAME]) & (name != _NAME[CompanyName.MISSING]))
    for one, other in ((left[differs], right[differs]), (right[differs], left[differs])):
        levels = [
            2 if site < 0 else 0 if _is_of(companies.stems[site], joined[theirs], joined[own]) else 1
            for site, theirs, own in zip(
                companies.domain[one].tolist(), companies.name[other].tolist(), companies.name[one].tolist(),
                strict=True,
            )
        ]  # fmt: skip
        found[differs] = np.minimum(found[differs], np.array(levels, dtype=np.int8))
    return found


def _is_of(stem: str, theirs: str, own: str) -> bool:
    return len(theirs) > 3 and stem.startswith(theirs) and not stem.startswith(own)


def _places(companies: "FrozenCompanies", left: Codes, right: Codes) -> Levels:
    places = companies.companies.places.values
    exact = np.array([_ADDRESS[exactness(place)] for place in places] + [0], dtype=np.int8)

    def same(codes: Codes) -> Any:
        crowded = (companies.place_holders[codes] >= SHARED_PLACE) & (exact[codes] == 0)
        return np.where(crowded, _ADDRESS[AddressLevel.SHARED], exact[codes]).astype(np.int8)

    return best_of_slots(
        companies.places[left], companies.places[right],
        lambda x, y: _ADDRESS[address_level(places[x], places[y])], same, _ADDRESS[AddressLevel.MISSING],
    )  # fmt: skip
