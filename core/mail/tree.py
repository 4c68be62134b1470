"""Reading the MIME tree of a hostile mail: mended header block, bounded walk, parts as bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

_FIELD = re.compile(rb"^[!-9;-~]{1,120}[ \t]*:")
_KNOWN = re.compile(
    rb"^(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to|"
    rb"references|in-reply-to|x-[a-z-]+|delivered-to|auto-submitted)[ \t]*:",
    re.IGNORECASE,
)
_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")
MAX_PARTS = 1000
MAX_DEPTH = 50
_MAX_MULTIPART_LINES = 2000
"""More boundary declarations than this is an attack on the tree builder, which nests by recursion."""


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of the tree with the names of the multiparts around it, outermost first."""

    message: Message
    parents: tuple[str, ...]


def read_tree(raw: bytes, defects: list[str]) -> Message:
    """The compat32 tree of a raw mail. Never raises: an unreadable body becomes one text part."""
    mended = mend_header_block(raw, defects)
    if mended.lower().count(b"boundary") <= _MAX_MULTIPART_LINES:
        try:
            return message_from_bytes(mended, policy=compat32)
        except Exception as error:  # noqa: BLE001 - the tree builder is not proof against input made to break it
            defects.append(f"the MIME structure could not be read ({type(error).__name__})")
    else:
        defects.append("the mail declares too many parts")
    head, _, body = mended.partition(b"\n\n")
    kept = b"\n".join(line for line in head.split(b"\n") if not line.lower().startswith(b"content-"))
    try:
        return message_from_bytes(kept[:100_000] + b"\n\n" + body, policy=compat32)
    except Exception:  # noqa: BLE001 - same reason: what is left is a mail without headers
        message = Message(policy=compat32)
        message.set_payload(body.decode("ascii", "surrogateescape"))
        return message


def mend_header_block(raw: bytes, defects: list[str]) -> bytes:
    """The mail with LF line ends at the head, and without the junk lines that end a header block early.

    Mbox "From " lines, blank first lines and lines that are no field but stand before known fields are left
    out; where plain text follows the fields directly, the missing blank line is put in.
    """
    raw = raw.lstrip(b"\r\n \t\xef\xbb\xbf\x00")
    match = _BLANK.search(raw)
    head, body = (raw[: match.start()], raw[match.end() :]) if match else (raw, b"")
    lines = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    kept: list[bytes] = []
    for index, line in enumerate(lines):
        if _FIELD.match(line) or (kept and line[:1] in (b" ", b"\t")):
            kept.append(line)
        elif any(_KNOWN.match(later) for later in lines[index + 1 : index + 200]):
            if not line.startswith((b"From ", b">From ")):
                defects.append("a line in the header block is no header field; it was left out")
        else:
            if line.strip():
                defects.append("no blank line between header and body")
            rest = b"\n".join(lines[index:])
            return b"\n".join(kept) + b"\n\n" + rest + (b"\n\n" + body if match else b"")
    return b"\n".join(kept) + b"\n\n" + body


def walk(message: Message, defects: list[str]) -> Iterator[Part]:
    """The leaves in order; `message/*` is a leaf. Stops at MAX_PARTS, and below MAX_DEPTH."""
    stack: list[Part] = [Part(message, ())]
    count = 0
    while stack:
        part = stack.pop()
        count += 1
        if count > MAX_PARTS:
            defects.append(f"more than {MAX_PARTS} parts; the rest was not read")
            return
        payload = part.message.get_payload() if part.message.is_multipart() else None
        kind = content_type(part.message)
        if isinstance(payload, list) and not kind.startswith("message/"):
            if len(part.parents) >= MAX_DEPTH:
                defects.append(f"parts nested deeper than {MAX_DEPTH}; the rest was not read")
                continue
            parents = (*part.parents, kind)
            stack.extend(Part(one, parents) for one in reversed(payload) if isinstance(one, Message))
        else:
            yield part


def content_type(message: Message) -> str:
    try:
        return message.get_content_type()
    except Exception:  # noqa: BLE001 - a header object of an odd kind; RFC 2045 §5.2 says what to assume
        return "text/plain"


def content_bytes(message: Message) -> bytes:
    """The decoded bytes of a leaf; for `message/rfc822` the enclosed mail as it stands."""
    if message.is_multipart():
        payload = message.get_payload()
        children = payload if isinstance(payload, list) else []
        return b"\n".join(_as_bytes(child) for child in children)
    try:
        data = message.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - a broken transfer encoding: the bytes as they came are better than none
        data = None
    if isinstance(data, bytes):
        return data
    payload = message.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _as_bytes(message: object) -> bytes:
    if not isinstance(message, Message):
        return str(message).encode("utf-8", "surrogateescape")
    try:
        return message.as_bytes()
    except Exception:  # noqa: BLE001 - the generator refuses some trees that the parser makes
        try:
            text = "".join(f"{name}: {value}\n" for name, value in message.raw_items())
            return text.encode("utf-8", "replace") + b"\n" + content_bytes(message)
        except RecursionError:
            return b""


def parameters(message: Message, header: str) -> dict[str, object]:
    """Parameters of a structured header, names lower-cased; RFC 2231 values stay triples."""
    try:
        pairs = message.get_params(header=header) or []
    except Exception:  # noqa: BLE001 - the standard library fails on some malformed RFC 2231 continuations
        return {}
    found: dict[str, object] = {}
    for name, value in pairs[1:]:
        found.setdefault(str(name).lower(), value)
    return found
