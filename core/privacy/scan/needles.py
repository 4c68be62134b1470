"""What to look for: a value in its own letters, as a number in any punctuation, and as its digests."""

import hashlib
import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s")
MIN_LETTERS = 5
"""Shorter values are found everywhere by chance."""
PHONE = re.compile(r"\+?[\d\s()./-]{7,}\Z")


@dataclass(frozen=True)
class Needle:
    """`pattern` is searched in lower-case bytes; `kind` says how the value was written."""

    kind: str
    pattern: re.Pattern[bytes]


def needles_of(values: Iterable[str]) -> list[Needle]:
    """Everything that any of the values may look like; each value at least `MIN_LETTERS` long."""
    found: list[Needle] = []
    for value in dict.fromkeys(one.strip() for one in values):
        if len(value) < MIN_LETTERS:
            continue
        if PHONE.match(value):
            found.append(Needle("number", _digits(value)))
        else:
            found += [Needle("text", re.compile(re.escape(text))) for text in _spellings(value)]
        found += _digests(value)
    return found


def _spellings(value: str) -> list[bytes]:
    """Lower case, composed and decomposed, and without accents; spaces in names may be any space."""
    folded = value.casefold()
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    forms = {unicodedata.normalize("NFC", folded), unicodedata.normalize("NFD", folded), value.lower(), plain}
    return sorted(form.encode() for form in forms)


def _digits(value: str) -> re.Pattern[bytes]:
    """The last nine digits, with anything that people put between digits."""
    digits = re.sub(r"\D", "", value)[-9:]
    return re.compile(rb"[\s()./\-]{0,3}".join(digit.encode() for digit in digits))


def _digests(value: str) -> list[Needle]:
    """Digests of the value as it is, in lower case and, for numbers, of its digits: hex, base64 and raw."""
    variants = {value, value.lower(), value.upper(), re.sub(r"[^\d+]", "", value) or value}
    found = []
    for variant in sorted(variants):
        for name in ALGORITHMS:
            raw = hashlib.new(name, variant.encode(), usedforsecurity=False).digest()
            code = b64encode(raw).rstrip(b"=")
            forms = {raw.hex().encode(), code.lower(), code.replace(b"+", b"-").replace(b"/", b"_").lower()}
            found += [Needle(name, re.compile(re.escape(form))) for form in sorted(forms)]
            found.append(Needle(name, re.compile(re.escape(raw.lower()))))
    return found
