"""E-mail addresses and phone numbers as they are matched."""

from functools import lru_cache

import phonenumbers
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from core.importing.values import BadValue


@lru_cache(maxsize=10_000)
def _domain_ok(domain: str) -> str:
    """The domain as it is compared (IDNA in lower case), or an empty text for one that can't be."""
    try:
        checked = validate_email(f"x@{domain}", check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return ""
    return checked.ascii_domain or ""


def normalised_email(text: str) -> str:
    """Lower case, the domain in IDNA. Raises BadValue."""
    name, at, domain = text.strip().lower().rpartition("@")
    simple = name.replace(".", "").replace("_", "").replace("-", "").replace("+", "")
    checked = _domain_ok(domain) if at and domain else ""
    plain = simple.isascii() and simple.isalnum() and ".." not in name and len(name) <= 64
    if checked and plain and name.strip(".") == name:
        return f"{name}@{checked}"
    try:
        full = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise BadValue(_("“%(text)s” is not an e-mail address.") % {"text": text[:60]}) from None
    return f"{full.local_part.lower()}@{full.ascii_domain}"


def normalised_phone(text: str, country: str) -> str:
    """E.164 where the number can be read, else its digits as they are: nothing is lost. Raises BadValue for
    text without a number."""
    try:
        number = phonenumbers.parse(text, country)
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        pass  # kept as digits below
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) < 3:
        raise BadValue(_("“%(text)s” is not a phone number.") % {"text": text[:60]})
    return digits[:30]
