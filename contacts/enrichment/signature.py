"""What people write below their mails: title, numbers, address."""

import re
from dataclasses import dataclass, field

import phonenumbers

SEPARATOR = re.compile(r"^--\s*$")
CLOSING = re.compile(
    r"^\W*((with )?(kind|best|warm|many)? ?(regards|wishes|thanks)|sincerely|cheers|mit (freundlichen|besten|"
    r"herzlichen) gr[üu](ß|ss)en|(viele|beste|liebe) gr[üu](ß|ss)e|mfg|cordialement|bien à vous|saludos( cordiales)?|"
    r"cordiali saluti|met vriendelijke groet(en)?|med vänliga? hälsning(ar)?|pozdrawiam)\W*\s*$",
    re.IGNORECASE,
)
TITLE = re.compile(
    r"\b(head|manager|managing|director|officer|president|chief|lead|leader|engineer|buyer|purchas\w*|procurement|"
    r"consultant|analyst|architect|assistant|specialist|coordinator|accountant|founder|partner|owner|ceo|cfo|cto|coo|"
    r"cio|vp|leiter(in)?|leitung|geschäftsführer(in)?|einkauf|einkäufer(in)?|vertrieb|prokurist(in)?|directeur|"
    r"directrice|responsable|chef|gérant|acheteur|jefe|gerente|responsabile|direttore|kierownik|dyrektor)\b",
    re.IGNORECASE,
)
MOBILE = re.compile(r"\b(m|mob|mobil|mobile|cell|handy)\b\s*[.:]?", re.IGNORECASE)
FAX = re.compile(r"\b(f|fax|telefax)\b\s*[.:]?", re.IGNORECASE)
GERMAN_PLACE = re.compile(r"(?:\b[A-Z]{1,2}-)?\b(?P<postcode>\d{5})\s+(?P<city>[^\W\d_][^\d,|·]{1,60}?)\s*$")
BRITISH_PLACE = re.compile(
    r"(?P<city>[^\W\d_][^\d,|·]{1,40}?),?\s+(?P<postcode>[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})\s*$"
)
STREET = re.compile(r"^(?=.*\d)(?=.*[^\W\d_]{3})[\w .'’\-/]{5,80}$")
LINES = 12
LONGEST_TITLE = 80


@dataclass(frozen=True)
class Place:
    """A postal address as it stands in a signature."""

    street: str
    postcode: str
    city: str


@dataclass(frozen=True)
class Signature:
    """What was found; empty where nothing was. Numbers are E.164."""

    title: str = ""
    phones: list[str] = field(default_factory=list)
    mobiles: list[str] = field(default_factory=list)
    place: Place | None = None


def read_signature(text: str, name: str, country: str) -> Signature:
    """The signature of a mail's own text. `name` is the sender's, by which the block is found where no line
    parts it; `country` that of numbers without a country code. Text without a signature gives nothing."""
    lines = _block(text, name)
    if not lines:
        return Signature()
    phones, mobiles = _numbers(lines, country)
    return Signature(_title(lines, name), phones, mobiles, _place(lines))


def _block(text: str, name: str) -> list[str]:
    lines = [line.strip() for line in text.replace("\r", "").split("\n")]
    for at in range(len(lines) - 1, -1, -1):
        if SEPARATOR.match(lines[at]) or CLOSING.match(lines[at]):
            return [line for line in lines[at + 1 :] if line][:LINES]
    wanted = " ".join(name.casefold().split())
    for at in range(len(lines) - 1, max(len(lines) - LINES, 0) - 1, -1):
        if wanted and " ".join(lines[at].casefold().split()).startswith(wanted) and at > 0:
            return [line for line in lines[at:] if line][:LINES]
    return []


def _title(lines: list[str], name: str) -> str:
    own = set(name.casefold().split())
    for line in lines[:5]:
        for part in re.split(r"\s*[|·•]\s*|\s+[–—]\s+|,\s(?=[A-Z])", line):
            words = part.strip(" ,;")
            told = bool(TITLE.search(words)) and len(words) <= LONGEST_TITLE
            if (
                told
                and not own & set(words.casefold().split())
                and "@" not in words
                and not re.search(r"\d", words)
            ):
                return words
    return ""


def _numbers(lines: list[str], country: str) -> tuple[list[str], list[str]]:
    phones: list[str] = []
    mobiles: list[str] = []
    for line in lines:
        for found in phonenumbers.PhoneNumberMatcher(line, country or None):
            label = line[max(found.start - 12, 0) : found.start]
            if FAX.search(label):
                continue
            number = phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
            is_mobile = bool(MOBILE.search(label)) or (
                phonenumbers.number_type(found.number) == phonenumbers.PhoneNumberType.MOBILE
            )
            chosen = mobiles if is_mobile else phones
            if number not in chosen:
                chosen.append(number)
    return phones[:2], mobiles[:2]


def _place(lines: list[str]) -> Place | None:
    parts = [part.strip() for line in lines for part in re.split(r"\s*[|·•,]\s*", line) if part.strip()]
    for at, part in enumerate(parts):
        found = GERMAN_PLACE.search(part) or BRITISH_PLACE.search(part)
        if found is None and at and re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}", part):
            street = parts[at - 2] if at > 1 and STREET.match(parts[at - 2]) else ""
            return Place(street, part, parts[at - 1]) if street else None
        if found is not None:
            before = parts[at - 1] if at else ""
            street = before if STREET.match(before) else ""
            return Place(street, found["postcode"], found["city"].strip()) if street else None
    return None
