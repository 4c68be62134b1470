"""Undressing bytes: every reading of a piece, layer by layer."""

import bz2
import html
import io
import lzma
import quopri
import re
import zipfile
import zlib
from base64 import b32decode, b64decode
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

MAX_LAYERS = 4
MAX_BYTES = 64 * 1024 * 1024
"""Of what one compressed piece may grow to: a bomb is read up to here."""
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")
_BASE64_LINES = re.compile(rb"(?:[A-Za-z0-9+/]{16,}[ \t]*\r?\n[ \t]*)+[A-Za-z0-9+/]+={0,2}")
_BASE32 = re.compile(rb"[A-Z2-7]{16,}={0,6}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}[ :]?){7,}[0-9a-fA-F]{1,2}")
_ENCODED_WORD = re.compile(rb"=\?[\w-]+\?([bqBQ])\?([^?\s]*)\?=(?:\s+(?==\?))?")
# a row of the database given as text doubles the backslashes that were in it
_ESCAPE = re.compile(rb"\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{3})|([nrt/\"]))")
_SHORT = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_COMPRESSED: tuple[tuple[bytes, Callable[[], object]], ...] = (
    (b"\x1f\x8b\x08", lambda: zlib.decompressobj(31)),
    (b"x\x01", zlib.decompressobj),
    (b"x\x5e", zlib.decompressobj),
    (b"x\x9c", zlib.decompressobj),
    (b"x\xda", zlib.decompressobj),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\x00", lzma.LZMADecompressor),
)


def readings(data: bytes, layers: int = MAX_LAYERS) -> Iterator[tuple[str, bytes]]:
    """(how it was dressed, bytes) of the piece itself and of all that is inside it, outermost first."""
    seen: set[int] = set()
    waiting = [("plain", data, layers)]
    while waiting:
        dress, piece, left = waiting.pop()
        if hash(piece) in seen:
            continue
        seen.add(hash(piece))
        yield dress, piece
        if left:
            for name, inner in _undressed(piece):
                if inner and inner != piece:
                    waiting.append((name if dress == "plain" else f"{dress} > {name}", inner, left - 1))


def _undressed(piece: bytes) -> Iterator[tuple[str, bytes]]:
    yield from _unpacked(piece)
    yield from _wide(piece)
    for match in _BASE64_LINES.finditer(piece):
        yield from _base64(re.sub(rb"\s", b"", match[0]))
    for match in _BASE64.finditer(piece):
        yield from _base64(match[0])
    for match in _BASE32.finditer(piece):
        yield from _base32(match[0])
    for match in _HEX.finditer(piece):
        yield from _hex(match[0])
    yield from _escaped(piece)


def _unpacked(piece: bytes) -> Iterator[tuple[str, bytes]]:
    """Compressed streams wherever they begin, and the members of archives."""
    for mark, opener in _COMPRESSED:
        start = piece.find(mark)
        while start >= 0:
            machine = opener()
            try:
                if isinstance(machine, bz2.BZ2Decompressor | lzma.LZMADecompressor):
                    yield "compressed", machine.decompress(piece[start:], max_length=MAX_BYTES)
                else:
                    yield "compressed", machine.decompress(piece[start:], MAX_BYTES)  # type: ignore[attr-defined]
            except (zlib.error, OSError, lzma.LZMAError, ValueError, EOFError):
                pass  # the mark stood there by chance
            start = piece.find(mark, start + 1)
    if b"PK\x03\x04" in piece:
        try:
            with zipfile.ZipFile(io.BytesIO(piece)) as archive:
                for member in archive.infolist():
                    yield "zip", member.filename.encode()
                    if member.file_size <= MAX_BYTES:
                        yield "zip", archive.read(member)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, OSError, ValueError):
            pass  # no archive after all, or one that is locked or packed in a way that zipfile does not know


def _wide(piece: bytes) -> Iterator[tuple[str, bytes]]:
    """UTF-16 and UTF-32: what is left without the zeros between the letters, and every whole decoding."""
    if b"\x00" not in piece:
        return
    for code in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        for skip in (0, 1, 2, 3) if "32" in code else (0, 1):
            yield code, piece[skip:].decode(code, "ignore").encode("utf-8", "ignore")


def _base64(run: bytes) -> Iterator[tuple[str, bytes]]:
    """A run read at each of the four offsets: what was put in may begin anywhere in it."""
    text = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    for offset in range(4):
        part = text[offset:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        yield "base64", b64decode(part + b"=" * (-len(part) % 4))


def _base32(run: bytes) -> Iterator[tuple[str, bytes]]:
    text = run.rstrip(b"=")
    for cut in range(min(8, len(text))):
        part = text[cut : cut + (len(text) - cut) // 8 * 8]
        if part:
            yield "base32", b32decode(part)
    try:
        yield "base32", b32decode(text + b"=" * (-len(text) % 8))
    except ValueError:
        pass  # no whole number of bytes at this offset


def _hex(run: bytes) -> Iterator[tuple[str, bytes]]:
    digits = re.sub(rb"[ :]", b"", run)
    for offset in (0, 1):
        part = digits[offset:]
        yield "hex", bytes.fromhex(part[: len(part) // 2 * 2].decode("ascii"))


def _escaped(piece: bytes) -> Iterator[tuple[str, bytes]]:
    """Escapes that stand letter by letter inside a text."""
    if b"=" in piece:
        yield "quoted-printable", quopri.decodestring(piece)
        if b"=?" in piece:
            yield "encoded word", _ENCODED_WORD.sub(_word, piece)
    if b"%" in piece:
        yield "url", unquote_to_bytes(piece.replace(b"+", b" "))
    if b"&" in piece:
        yield "html", html.unescape(piece.decode("utf-8", "ignore")).encode("utf-8", "ignore")
    if b"\\" in piece:
        yield "escapes", _ESCAPE.sub(_character, piece)


def _word(match: re.Match[bytes]) -> bytes:
    kind, text = match.groups()
    if kind in b"qQ":
        return quopri.decodestring(text.replace(b"_", b" "))
    text = text.rstrip(b"=")
    return b64decode(text + b"=" * (-len(text) % 4)) if len(text) % 4 != 1 else b""


def _character(match: re.Match[bytes]) -> bytes:
    wide, narrow, octal, short = match.groups()
    if short:
        return _SHORT.get(short, short)
    if wide:
        return chr(int(wide, 16)).encode("utf-8", "ignore")
    return bytes([int(narrow, 16) if narrow else int(octal, 8) % 256])
