"""How alike two e-mail addresses, phone numbers and postal addresses are."""

from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from contacts.matching.text import email_letters, latin, postcode_key, street_key

ROLES = frozenset(
    [
        "info",
        "office",
        "mail",
        "kontakt",
        "contact",
        "sales",
        "support",
        "service",
        "admin",
        "hello",
        "team",
        "post",
        "buero",
        "bureau",
        "accounts",
        "accounting",
        "billing",
        "invoice",
        "invoices",
        "purchasing",
        "einkauf",
        "vertrieb",
        "marketing",
        "webmaster",
        "noreply",
        "hr",
        "jobs",
        "reception",
        "postmaster",
        "enquiries",
        "orders",
    ]
)
HOUSEHOLD = frozenset(
    [
        "family",
        "familie",
        "familia",
        "famille",
        "famiglia",
        "rodzina",
        "fam",
        "haus",
        "home",
        "house",
        "huis",
        "casa",
        "maison",
        "the",
    ]
)
SHARED_EMAIL, SHARED_PHONE, SHARED_PLACE = 4, 6, 7
"""An address or number that so many different people hold says little about who somebody is."""


class EmailLevel(StrEnum):
    SAME = "same"
    SEVERAL = "several"
    SHARED = "shared"
    FAMILY = "family"
    TYPO = "typo"
    LOCAL = "local"
    NAMED = "named"
    ALIKE = "alike"
    DIFFERENT = "different"
    MISSING = "missing"


class PhoneLevel(StrEnum):
    SAME = "same"
    SEVERAL = "several"
    SHARED = "shared"
    DIGIT = "digit"
    DIFFERENT = "different"
    MISSING = "missing"


class AddressLevel(StrEnum):
    SAME = "same"
    SEVERAL = "several"
    SHARED = "shared"
    CLOSE = "close"
    POSTCODE = "postcode"
    CITY = "city"
    DIFFERENT = "different"
    MISSING = "missing"


@lru_cache(maxsize=50_000)
def email_parts(address: str) -> tuple[str, str, str]:
    """Local part without «+tag», domain, letters of the local part."""
    local, _at, domain = address.lower().rpartition("@")
    return local.partition("+")[0], domain, email_letters(local)


def is_named(address: str, given: str, surname: str) -> bool:
    """Whether the local part is made of the person's name, as those of namesakes are.

    >>> is_named("ann.lee@a.example", "ann", "lee"), is_named("tigress7@a.example", "ann", "lee")
    (True, False)
    """
    letters = email_parts(address)[2]
    return any(len(name) > 2 and name in letters for name in (given, surname))


def is_family(address: str, surname: str) -> bool:
    """Whether the mailbox is called after a family: those who share it are relatives more often than one person.

    >>> [is_family(f"{name}@a.example", "lee") for name in ("lee.family", "the-lees", "lee", "ann.lee")]
    [True, True, False, False]
    """
    letters = email_parts(address)[2]
    if len(surname) < 2 or surname not in letters:
        return False
    before, _surname, after = letters.partition(surname)
    return (before + after.removeprefix("s")) in HOUSEHOLD


def has_number(local: str) -> bool:
    """Whether an e-mail name has a number of two digits and more: few others have the same.

    >>> has_number("jacob65"), has_number("jacob1")
    (True, False)
    """
    return sum(letter.isdigit() for letter in local) >= 2


def is_role(address: str) -> bool:
    return email_parts(address)[2] in ROLES


def email_level(one: str, other: str) -> EmailLevel:
    """How two addresses that are not equal agree.

    >>> email_level("ann.lee@mail.example", "ann.lee@shop.example"), email_level("bo1@a.example", "bo2@a.example")
    (<EmailLevel.LOCAL: 'local'>, <EmailLevel.DIFFERENT: 'different'>)
    """
    local, domain, letters = email_parts(one)
    other_local, other_domain, other_letters = email_parts(other)
    if letters in ROLES or other_letters in ROLES:
        return EmailLevel.DIFFERENT
    if local == other_local:
        if domain == other_domain or DamerauLevenshtein.distance(domain, other_domain, score_cutoff=1) == 1:
            return EmailLevel.TYPO
        return EmailLevel.LOCAL if len(local) >= 6 else EmailLevel.ALIKE
    shorter = min(len(letters), len(other_letters))
    if shorter < 5:
        return EmailLevel.DIFFERENT
    one_off = DamerauLevenshtein.distance(local, other_local, score_cutoff=1) == 1
    if domain == other_domain and letters != other_letters and one_off:
        return EmailLevel.TYPO
    if letters == other_letters or JaroWinkler.similarity(letters, other_letters) >= 0.93:
        return EmailLevel.ALIKE
    return EmailLevel.DIFFERENT


def phone_level(one: str, other: str) -> PhoneLevel:
    """How two numbers that are not equal agree. Neighbours that differ in their last two digits are two
    extensions, not one number mistyped.

    >>> phone_level("+4930123456", "+4930132456"), phone_level("+493012345611", "+493012345612")
    (<PhoneLevel.DIGIT: 'digit'>, <PhoneLevel.DIFFERENT: 'different'>)
    """
    comparable = len(one) == len(other) >= 9 and one[:-2] != other[:-2] and one[-2:] == other[-2:]
    if comparable and DamerauLevenshtein.distance(one, other, score_cutoff=1) == 1:
        return PhoneLevel.DIGIT
    return PhoneLevel.DIFFERENT


Place = tuple[str, str, str, str]


@lru_cache(maxsize=20_000)
def place_of(street: str, postcode: str, city: str) -> Place:
    """Street, number, postcode and city as they are compared."""
    name, number = street_key(street) if street else ("", "")
    return name, number, postcode_key(postcode) if postcode else "", latin(city) if city else ""


def address_level(one: Place, other: Place) -> AddressLevel:
    """How two places that are not equal agree.

    >>> address_level(place_of("Long Street 5", "1", "X"), place_of("5 Long St", "", "X"))
    <AddressLevel.SAME: 'same'>
    """
    street, number, postcode, city = one
    other_street, other_number, other_postcode, other_city = other
    if not (postcode and other_postcode) and not (city and other_city):
        return AddressLevel.MISSING
    same_postcode = bool(postcode) and postcode == other_postcode
    same_city = bool(city) and city == other_city
    if street and other_street and (same_postcode or same_city or _off_by_one(postcode, other_postcode)):
        same_number = bool(number) and number == other_number
        if street == other_street and same_number:
            unknown = not postcode or not other_postcode or same_postcode
            return AddressLevel.SAME if unknown else AddressLevel.CLOSE
        alike = street == other_street or JaroWinkler.similarity(street, other_street) >= 0.9
        if alike and (same_number or (street == other_street and not (number and other_number))):
            return AddressLevel.CLOSE
    if same_postcode:
        return AddressLevel.POSTCODE
    return AddressLevel.CITY if same_city else AddressLevel.DIFFERENT


def exactness(place: Place) -> AddressLevel:
    """What it means that two records have this very place: a house, a postcode or a town."""
    street, number, postcode, _city = place
    if street and number:
        return AddressLevel.SAME
    if street:
        return AddressLevel.CLOSE
    return AddressLevel.POSTCODE if postcode else AddressLevel.CITY


def _off_by_one(one: str, other: str) -> bool:
    return len(one) == len(other) >= 4 and DamerauLevenshtein.distance(one, other, score_cutoff=1) == 1
