"""How values should be written. Pure functions: each returns the better text, or the same one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from contacts.importing.words import COUNTRY_ALIASES

Fix = Callable[[str, str], str]
"""(value, country of the record) → the value as it should be."""

_PARTICLES = (
    "af al av bin da dal de del della der den des di do dos du el ibn la le les op 't te ten ter un van vom von y"
    " zu zum zur"
)
_ACRONYMS = "ceo cfo coo cto cio cmo cpo hr it pr qa r&d vp svp evp md phd pa b2b b2c erp crm eu uk usa"
_SMALL = "and of for the in at to und für der die des im de du et la le les y e di per"
PARTICLES = frozenset(_PARTICLES.split())
"""Words inside family names that stay small."""
ACRONYMS = frozenset(_ACRONYMS.split())
SMALL_IN_TITLES = frozenset(_SMALL.split())
LEGAL_FORMS = {
    "gmbh": "GmbH", "g.m.b.h.": "GmbH", "gmbh & co. kg": "GmbH & Co. KG", "gmbh & co kg": "GmbH & Co. KG",
    "ag": "AG", "kg": "KG", "ohg": "OHG", "gbr": "GbR", "ug": "UG", "e.k.": "e.K.", "e.v.": "e.V.", "se": "SE",
    "ltd": "Ltd", "ltd.": "Ltd", "limited": "Ltd", "plc": "PLC", "p.l.c.": "PLC", "llp": "LLP", "llc": "LLC",
    "l.l.c.": "LLC", "inc": "Inc.", "inc.": "Inc.", "incorporated": "Inc.", "corp": "Corp.", "corp.": "Corp.",
    "corporation": "Corp.", "s.a.": "SA", "sa": "SA", "s.a.s.": "SAS", "sas": "SAS", "sarl": "SARL",
    "s.a.r.l.": "SARL", "s.r.l.": "Srl", "srl": "Srl", "s.p.a.": "SpA", "b.v.": "BV", "bv": "BV",
    "n.v.": "NV", "nv": "NV", "a/s": "A/S", "aps": "ApS", "ab": "AB", "oy": "Oy", "as": "AS", "asa": "ASA",
    "sp. z o.o.": "Sp. z o.o.", "sp.z o.o.": "Sp. z o.o.", "sp z oo": "Sp. z o.o.", "s.l.": "SL", "sl": "SL",
    "pty ltd": "Pty Ltd", "pty. ltd.": "Pty Ltd", "kft": "Kft.", "kft.": "Kft.", "d.o.o.": "d.o.o.", "k.k.": "K.K.",
}  # fmt: skip
LONGEST_FORM = 4
"""Words."""
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
GREETINGS = {"mr": "Mr", "mr.": "Mr", "mrs": "Mrs", "mrs.": "Mrs", "ms": "Ms", "ms.": "Ms", "dr": "Dr.", "dr.": "Dr.",
             "prof": "Prof.", "prof.": "Prof.", "herr": "Herr", "frau": "Frau"}  # fmt: skip


def plain_spaces(value: str) -> str:
    return " ".join(value.split())


def phone(value: str, country: str) -> str:
    """E.164 (`+4930123456`); what can't be read as a number of the country stays."""
    if E164.fullmatch(value):
        return value
    try:
        number = phonenumbers.parse(value, country or None)
    except phonenumbers.NumberParseException:
        return value
    if not phonenumbers.is_valid_number(number):
        return value
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def mail(value: str, country: str) -> str:
    """Without spaces around and without capitals; anything but one address stays."""
    text = value.strip().strip("<>").removeprefix("mailto:").lower()
    return text if text.count("@") == 1 and " " not in text else value


def person_name(value: str, country: str) -> str:
    """`JOHN O'NEILL` → `John O'Neill`, `van der berg` → `van der Berg`. A name in mixed case is somebody's
    own way of writing it and stays."""
    text = plain_spaces(value)
    if not text or not (text.isupper() or text.islower()) or len(text) < 2:
        return text
    words = text.split(" ")
    if len(words) == 1 and text.isupper() and len(text) <= 2:
        return text  # initials
    return " ".join(
        word.lower() if word.lower() in PARTICLES and len(words) > 1 else _name_word(word) for word in words
    )


def _name_word(word: str) -> str:
    small = re.sub(r"(?<![^\W_])([^\W_])", lambda match: match.group(1).upper(), word.lower())
    small = re.sub(r"^(Mc)([a-z])", lambda match: match.group(1) + match.group(2).upper(), small)
    return re.sub(r"(\w{2,}['’])(S)$", lambda match: match.group(1) + "s", small)


def country_code(value: str, country: str) -> str:
    """The ISO 3166 code of a name, an alias or a code in small letters."""
    text = plain_spaces(value)
    if text.upper() in _codes():
        return text.upper()
    return COUNTRY_ALIASES.get(text.upper(), _codes_by_name().get(text.casefold(), value))


@cache
def _codes() -> frozenset[str]:
    return frozenset(code for code, _name in countries)


@cache
def _codes_by_name() -> dict[str, str]:
    found = {str(name).casefold(): code for code, name in countries}
    return found | {name.casefold(): code for name, code in COUNTRY_ALIASES.items()}


def company_name(value: str, country: str) -> str:
    """The legal form at the end as it is customarily written: `ACME GMBH` → `ACME GmbH`."""
    words = plain_spaces(value).split(" ")
    for count in range(min(LONGEST_FORM, len(words) - 1), 0, -1):
        ending = " ".join(words[-count:])
        form = LEGAL_FORMS.get(ending.casefold().rstrip(","))
        if form is not None:
            head = " ".join(words[:-count]).rstrip(",")
            return f"{head} {form}"
    return " ".join(words)


def job_title(value: str, country: str) -> str:
    """`HEAD OF PROCUREMENT` → `Head of Procurement`, `ceo` → `CEO`; mixed case stays."""
    text = plain_spaces(value)
    if not text or not (text.isupper() or text.islower()):
        return text
    if text.isupper() and len(text) <= 4:
        return text  # an abbreviation of their own
    words = text.split(" ")
    return " ".join(_title_word(word, first=at == 0) for at, word in enumerate(words))


def _title_word(word: str, *, first: bool) -> str:
    small = word.lower()
    if small.strip(",.()") in ACRONYMS:
        return small.upper()
    if small in SMALL_IN_TITLES and not first:
        return small
    return re.sub(r"(?<![^\W_])([^\W_])", lambda match: match.group(1).upper(), small)


def salutation(value: str, country: str) -> str:
    text = plain_spaces(value)
    return GREETINGS.get(text.casefold(), text)


@dataclass(frozen=True)
class Rule:
    """What is standardised: fields of models (`contacts.Contact.first_name`) and how."""

    key: str
    short: str | Promise
    label: str | Promise
    example: str
    fields: tuple[tuple[str, str, Fix], ...]


RULES = (
    Rule("phones", _("Phones"), _("Phone numbers to E.164"), "030 1234567 → +49301234567",
         (("contacts.ContactPoint", "value", phone),)),
    Rule("mails", _("E-mail"), _("E-mail addresses without spaces and capitals"), "Ada@Example.COM → ada@example.com",
         (("contacts.ContactPoint", "value", mail),)),
    Rule("names", _("Names"), _("Names in upper and lower case"), "JOHN O'NEILL → John O'Neill",
         (("contacts.Contact", "first_name", person_name), ("contacts.Contact", "last_name", person_name))),
    Rule("countries", _("Countries"), _("Countries as ISO codes"), "uk → GB",
         (("contacts.Contact", "country", country_code), ("contacts.Company", "country", country_code),
          ("contacts.Address", "country", country_code))),
    Rule("legal_forms", _("Legal forms"), _("Legal forms of companies"), "ACME GMBH → ACME GmbH",
         (("contacts.Company", "name", company_name),)),
    Rule("titles", _("Titles"), _("Job titles and salutations"), "HEAD OF SALES → Head of Sales",
         (("contacts.Contact", "job_title", job_title), ("contacts.Contact", "salutation", salutation))),
)  # fmt: skip
BY_KEY = {rule.key: rule for rule in RULES}
