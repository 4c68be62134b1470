"""Header fields: raw bytes to text, addresses, ids and dates; nothing here raises on odd input."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime

from core.mail.charsets import decode, storable
from core.mail.message import Mailbox

_ENCODED_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
_ENCODED_RUN = re.compile(r"(?:=\?[^?\s]+\?[bBqQ]\?[^?]*\?=[ \t\r\n]*)+")
_FOLD = re.compile(r"\r?\n[ \t]?")
_ADDRESS = re.compile(r"[^\s<>\"(),;:\\\[\]]+@[^\s<>\"(),;:\\]+")
_BRACKETED_ID = re.compile(r"<([^<>]+)>")
_SINGLE = re.compile(r"\s*([^<>,;\"()\\]*)<\s*([^<>\s]+)\s*>\s*")
"""One mailbox with an unquoted name, brackets in it allowed: not the grammar, but what people write."""
_BARE_ID = re.compile(r"[^\s<>,;\"]+@[^\s<>,;\"]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_MAX_IDS = 200
_MAX_ADDRESSES = 1000


def raw_text(value: object, charset: str = "") -> str:
    """A header value as the sender's bytes say it: 8-bit bytes decoded, encoded words still encoded."""
    text = str(value)
    try:
        text.encode("ascii")
    except UnicodeEncodeError:
        text = decode(text.encode("utf-8", "surrogateescape"), charset or None)
    return storable(text)


def decoded(value: object, charset: str = "") -> str:
    """A header value for people: unfolded, RFC 2047 decoded, control characters and edges trimmed."""
    text = _FOLD.sub(" ", raw_text(value, charset))
    text = _ENCODED_RUN.sub(_decode_run, text)
    return storable(_CONTROLS.sub(" ", text)).strip()


def _decode_run(match: re.Match[str]) -> str:
    """Adjacent encoded words: bytes of one charset are joined first, as senders cut inside characters."""
    run = match.group(0)
    text: list[str] = []
    pending, pending_charset = b"", ""
    for charset, encoding, payload in _ENCODED_WORD.findall(run):
        charset = charset.split("*", 1)[0].lower()
        if pending and charset != pending_charset:
            text.append(decode(pending, pending_charset))
            pending = b""
        pending += _word_bytes(encoding, payload)
        pending_charset = charset
    text.append(decode(pending, pending_charset))
    trailing = run[len(run.rstrip()) :]
    return "".join(text) + (" " if trailing else "")


def _word_bytes(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(raw.replace(b"_", b" "), header=False)
    raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    for cut in range(3):
        body = raw[: len(raw) - cut]
        try:
            return base64.b64decode(body + b"=" * (-len(body) % 4))
        except (binascii.Error, ValueError):
            continue
    return payload.encode("utf-8", "replace")


def mailboxes(values: Iterable[object], charset: str = "") -> tuple[Mailbox, ...]:
    """The addresses of one header in order; structure is read before names are decoded (they hold commas)."""
    found: list[Mailbox] = []
    for value in values:
        text = _FOLD.sub(" ", raw_text(value, charset))
        boxes = _structured(text)
        if not boxes:
            boxes = _structured(decoded(text)) or _loose(decoded(text))
        found.extend(boxes)
    return tuple(found[:_MAX_ADDRESSES])


def _structured(text: str) -> list[Mailbox]:
    single = _SINGLE.fullmatch(text)
    if single and _ADDRESS.fullmatch(single.group(2)):
        return [Mailbox(decoded(single.group(1)), single.group(2))]
    try:
        pairs = getaddresses([text])
    except (ValueError, IndexError, TypeError, AttributeError, RecursionError):
        return []
    boxes = []
    for name, address in pairs:
        match = _ADDRESS.fullmatch(address.strip())
        if match and "=?" not in address:
            boxes.append(Mailbox(decoded(name).strip("\"' "), match.group(0)))
    return boxes


def _loose(text: str) -> list[Mailbox]:
    boxes = []
    last = 0
    for match in _ADDRESS.finditer(text):
        name = text[last : match.start()].strip(" \t<>\"',;")
        boxes.append(Mailbox(name, match.group(0).strip(".'")))
        last = match.end()
    return boxes


def message_ids(values: Iterable[object]) -> tuple[str, ...]:
    """Message ids without brackets, in order and once each; white space folded into one is taken out."""
    ids: dict[str, None] = {}
    for value in values:
        text = raw_text(value)
        found = _BRACKETED_ID.findall(text) or _BARE_ID.findall(text)
        ids.update((re.sub(r"\s+", "", one), None) for one in found if one.strip())
    return tuple(ids)[-_MAX_IDS:]


def parse_date(value: object) -> datetime | None:
    """The moment in UTC, or None. A date without a zone is read as UTC."""
    text = decoded(value)
    for candidate in (text, re.sub(r"\([^)]*\)|\s+[A-Z]{3,5}$", "", text)):
        try:
            moment = parsedate_to_datetime(candidate)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
            continue
    return None
