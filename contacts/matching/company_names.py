"""Companies' names and web domains: what is compared of them, and how alike they are."""

import re
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from contacts.matching.text import fold, latin

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
    NAMED = "named"
    ALIKE = "alike"
    DIFFERENT = "different"
    MISSING = "missing"


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


def stem_of(domain: str) -> str:
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


def shortened(text: str) -> list[str]:
    """`text` and what is left of it without any one letter: two texts that a slip sets apart have one in common.

    >>> shortened("acme"), set(shortened("jungfer")) & set(shortened("jugnfer")) != set()
    (['acme', 'cme', 'ame', 'ace', 'acm'], True)
    """
    return [text, *dict.fromkeys(text[:place] + text[place + 1 :] for place in range(len(text)))]


def domain_level(one: str, other: str) -> DomainLevel:
    """How two domains that are not equal agree."""
    stem, other_stem = stem_of(one), stem_of(other)
    if stem == other_stem and len(stem) > 3:
        return DomainLevel.STEM
    if (
        min(len(stem), len(other_stem)) > 5
        and DamerauLevenshtein.distance(stem, other_stem, score_cutoff=1) == 1
    ):
        return DomainLevel.ALIKE
    return DomainLevel.DIFFERENT
