"""Bytes to text, whatever the label says.

Labels in real mail lie in known ways: latin-1 means windows-1252, gb2312 carries gb18030, iso-2022-jp
carries cp932's extra characters, "unknown-8bit" means nothing. Decoding here always answers, and its
answer can be stored: no NUL, no lone surrogate.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_WIDER = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "646": "utf-8",
    "utf8": "utf-8",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "hz-gb-2312": "hz",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
}
_JAPANESE = {"iso-2022-jp", "iso-2022-jp-ms", "iso-2022-jp-1", "iso-2022-jp-2", "csiso2022jp", "cp50220"}
_ESCAPE = re.compile(rb"\x1b(\$\([@-D]|\$[@AB]|\([A-J])")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_REPLACED_SHARE = 0.02
"""Up to this share of undecodable characters a label is still believed (a torn character, not a lie)."""


def storable(text: str) -> str:
    """The text without NUL and lone surrogates, which neither PostgreSQL nor UTF-8 can hold."""
    return _UNSTORABLE.sub("", text)


def decode(data: bytes, label: str | None = None) -> str:
    """The text of `data`; never raises. The label is believed as far as the bytes bear it out."""
    charset = (label or "").strip().strip("\"'").lower()
    if charset in _JAPANESE:
        return storable(_decode_iso_2022_jp(data))
    for candidate in dict.fromkeys((_WIDER.get(charset, charset), "utf-8")):
        text = _strict(data, candidate)
        if text is not None:
            return storable(text)
    return storable(_lenient(data, _WIDER.get(charset, charset)))


def _strict(data: bytes, charset: str) -> str | None:
    if not charset:
        return None
    try:
        if not codecs.lookup(charset)._is_text_encoding:
            return None
        return data.decode(charset)
    except (LookupError, UnicodeError, ValueError):
        return None


def _lenient(data: bytes, charset: str) -> str:
    try:
        text = data.decode(charset, "replace")
        if text.count("\ufffd") <= max(1, len(text) * _REPLACED_SHARE):
            return text
    except (LookupError, UnicodeError, ValueError):
        pass
    return _guess(data)


def _guess(data: bytes) -> str:
    """Short raw strings are too little to guess from: windows-1252 is by far the commonest there."""
    if len(data) >= 16:
        best = from_bytes(data[:20_000]).best()
        text = _strict(data, best.encoding) if best else None
        if text is not None:
            return text
    return data.decode("cp1252", "replace")


def _decode_iso_2022_jp(data: bytes) -> str:
    """ISO-2022-JP with the vendor rows that real senders put into it, and with a wrong label forgiven."""
    if any(byte >= 0x80 for byte in data):
        return _strict(data, "utf-8") or data.decode("cp932", "replace")
    pieces = _ESCAPE.split(data)
    text = [pieces[0].decode("ascii", "replace")]
    for escape, chunk in zip(pieces[1::2], pieces[2::2], strict=True):
        text.append(_iso_2022_chunk(escape, chunk))
    return "".join(text)


def _iso_2022_chunk(escape: bytes, chunk: bytes) -> str:
    if escape in (b"$@", b"$B"):
        return _jis_to_shift_jis(chunk).decode("cp932", "replace")
    if escape == b"(I":
        return bytes(byte | 0x80 for byte in chunk).decode("cp932", "replace")
    if escape.startswith(b"$"):
        return (b"\x1b" + escape + chunk).decode("iso2022_jp_2", "replace")
    return chunk.decode("ascii", "replace")


def _jis_to_shift_jis(chunk: bytes) -> bytes:
    """Double-byte JIS rows as Shift_JIS, which cp932 decodes with its extra rows; line ends pass through."""
    out = bytearray()
    index = 0
    while index < len(chunk):
        lead = chunk[index]
        if lead < 0x21 or index + 1 >= len(chunk):
            out.append(lead)
            index += 1
            continue
        trail = chunk[index + 1]
        first = ((lead - 0x21) >> 1) + 0x81
        first += 0x40 if first > 0x9F else 0
        second = trail + (0x1F if lead & 1 else 0x7E)
        second += 1 if lead & 1 and second >= 0x7F else 0
        out += bytes((first & 0xFF, second & 0xFF))
        index += 2
    return bytes(out)
