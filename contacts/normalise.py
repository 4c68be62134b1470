"""Contact points as they are matched: e-mail lower-case with an ASCII domain, numbers as E.164."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from contacts.enums import PointKind


def normalise_email(value: str) -> str:
    """The address to match by. Raises ValidationError saying what is wrong with it."""
    try:
        checked = validate_email(value.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValidationError(
            _("“%(value)s” is not an e-mail address: %(why)s") % {"value": value[:80], "why": error}
        ) from error
    return (checked.ascii_email or checked.normalized).lower()


def normalise_phone(value: str, country: str) -> str:
    """The number as E.164 (`+4930123456`), read as one of `country` when it has no country code."""
    try:
        number = phonenumbers.parse(value, country or None)
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_("“%(value)s” is not a phone number.") % {"value": value[:40]}) from error
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(
            _("“%(value)s” is too short or too long for a phone number.") % {"value": value[:40]}
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def normalise_point(kind: str, value: str, country: str) -> str:
    """What a point of `kind` is matched by. Raises ValidationError."""
    value = " ".join(value.split())
    if not value:
        raise ValidationError(_("Type a value."))
    if kind == PointKind.EMAIL:
        return normalise_email(value)
    if kind in (PointKind.PHONE, PointKind.MOBILE):
        return normalise_phone(value, country)
    return value.casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
