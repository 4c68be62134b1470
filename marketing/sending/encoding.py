"""Quoted-printable in pieces, and header values, fast enough to be done once per recipient.

A body is a row of encoded pieces, each beginning at the start of a line and closed by a soft break, so that a
value of any length and content between them keeps every line legal.
"""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import b2a_qp

SOFT_BREAK = b"=\r\n"
_MAX_QP_LINE = 76
_WORD_BYTES = 42
"""UTF-8 bytes in one encoded word: with its frame and the longest of our field names within 78 columns."""
_MAX_PLAIN = 60
_LINE_BREAKS = re.compile("[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_DROPPED = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_NOT_ATOM = re.compile(r"[^A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]")


def clean_value(value: str) -> str:
    """A merge value on one line: runs of tabs and line breaks become one space, other control characters go."""
    if value.isprintable():
        return value
    return _DROPPED.sub("", _LINE_BREAKS.sub(" ", value))


def encode_value(value: str) -> bytes:
    """One line of text in quoted-printable, without the soft break that closes it."""
    if value.isascii() and len(value) < _MAX_QP_LINE and "=" not in value:
        return value.encode("ascii")
    return _closable(b2a_qp(value.encode("utf-8"), istext=True).replace(b"=\n", SOFT_BREAK))


def encode_literal(text: str) -> bytes:
    """Text of several lines (LF) in quoted-printable with CRLF, its last line open for a soft break."""
    lines = [
        b2a_qp(line.encode("utf-8", "replace"), istext=True).replace(b"=\n", SOFT_BREAK)
        for line in text.split("\n")
    ]
    lines[-1] = _closable(lines[-1])
    return b"\r\n".join(lines)


def _closable(encoded: bytes) -> bytes:
    """Room for the `=` of a soft break on the last line: a full line is broken before its last character."""
    start = encoded.rfind(b"\n") + 1
    if len(encoded) - start < _MAX_QP_LINE:
        return encoded
    cut = len(encoded) - 3 if encoded[-3:-2] == b"=" else len(encoded) - 1
    return encoded[:cut] + SOFT_BREAK + encoded[cut:]


def encode_header(value: str) -> bytes:
    """An unstructured header value; folded, RFC 2047 encoded unless it is short plain ASCII."""
    if (
        len(value) <= _MAX_PLAIN
        and value.isascii()
        and value.isprintable()
        and "=?" not in value
        and "  " not in value
        and value == value.strip()
    ):
        return value.encode("ascii")
    return _encoded_words(value)


def _encoded_words(value: str) -> bytes:
    raw = value.encode("utf-8", "replace")
    words = []
    start = 0
    while start < len(raw):
        end = min(start + _WORD_BYTES, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end -= 1
        words.append(b"=?utf-8?B?" + b64encode(raw[start:end]) + b"?=")
        start = end
    return b"\r\n ".join(words)


def encode_mailbox(name: str, address: str) -> bytes:
    """`Name <address>` for an address field. The address must be ASCII and free of controls (see callers)."""
    bracketed = b"<" + address.encode("ascii") + b">"
    if not name:
        return bracketed
    if not _NOT_ATOM.search(name):
        encoded = encode_header(name)
    elif name.isascii() and name.isprintable() and len(name) <= _MAX_PLAIN and "=?" not in name:
        encoded = b'"' + name.replace("\\", "\\\\").replace('"', '\\"').encode("ascii") + b'"'
    else:
        encoded = _encoded_words(name)
    return encoded + (b"\r\n " if len(encoded) > 40 else b" ") + bracketed
