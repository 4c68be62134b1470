"""E-mail addresses and phone numbers as they are matched (`contacts.normalise`), at the pace of imports."""

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from phonenumbers import PhoneMetadata, region_code_for_country_code

from contacts.normalise import normalise_email, normalise_phone
from core.importing.style import BadValue


@lru_cache(maxsize=10_000)
def _domain(domain: str) -> str:
    """The domain as it is compared, or an empty text for one that can't be: looked up once per domain."""
    try:
        return normalise_email(f"x@{domain}").partition("@")[2]
    except ValidationError:
        return ""


def imported_email(text: str) -> str:
    """What `normalise_email` makes of the address. Plain local parts take a short way. Raises BadValue."""
    name, at, domain = text.strip().lower().rpartition("@")
    letters = name.replace(".", "").replace("_", "").replace("-", "").replace("+", "")
    plain = letters.isascii() and letters.isalnum() and ".." not in name and len(name) <= 64
    checked = _domain(domain) if at and domain else ""
    if checked and plain and name.strip(".") == name:
        return f"{name}@{checked}"
    try:
        return normalise_email(text)
    except ValidationError:
        raise BadValue(_("“%(text)s” is not an e-mail address.") % {"text": text[:60]}) from None


def imported_phone(text: str, country: str) -> str:
    """E.164 where the number can be read, else its digits as they are: nothing is lost. Raises BadValue for
    text without a number."""
    quick = _plainly_international(text)
    if quick:
        return quick
    try:
        return normalise_phone(text, country)
    except ValidationError:
        digits = "".join(c for c in text if c.isdigit())
    if len(digits) < 3:
        raise BadValue(_("“%(text)s” is not a phone number.") % {"text": text[:60]})
    return digits[:30]


def _plainly_international(text: str) -> str:
    """E.164 of a number with its country code that needs no more than its separators taken out, as the full
    parse would give it; an empty text where it has to decide. Only ever accepts."""
    digits = text.translate(SEPARATORS)
    if digits[:1] != "+" or not digits[1:].isascii() or not digits[1:].isdigit() or len(digits) > 16:
        return ""
    for length in (1, 2, 3):
        found = _lengths(digits[1 : 1 + length])
        if found is not None:
            national = digits[1 + length :]
            plain = national[:1] not in ("", "0", "1", "8") and len(national) in found
            return digits if plain else ""
    return ""


SEPARATORS = str.maketrans("", "", " -./\u00a0")


@lru_cache(maxsize=1000)
def _lengths(code: str) -> frozenset[int] | None:
    """The lengths that national numbers of a calling code may have; None for what is no calling code. Codes
    whose numbers begin with a prefix that parsing takes off are left to the full parse."""
    region = region_code_for_country_code(int(code))
    if region in ("ZZ", "001"):
        return None if region == "ZZ" else frozenset()
    metadata = PhoneMetadata.metadata_for_region(region)
    prefix = metadata.national_prefix_for_parsing if metadata is not None else None
    if metadata is None or (prefix is not None and not prefix.isdigit()):
        return frozenset()
    if prefix is not None and prefix not in ("0", "1", "8"):
        return frozenset()
    assert metadata.general_desc is not None  # there for every region
    return frozenset(metadata.general_desc.possible_length)
