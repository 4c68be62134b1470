"""E-mail addresses and phone numbers as they are matched (`contacts.normalise`), at the pace of imports."""

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.normalise import normalise_email, normalise_phone
from core.importing.values import BadValue


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
    try:
        return normalise_phone(text, country)
    except ValidationError:
        digits = "".join(c for c in text if c.isdigit())
    if len(digits) < 3:
        raise BadValue(_("“%(text)s” is not a phone number.") % {"text": text[:60]})
    return digits[:30]
