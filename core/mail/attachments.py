"""Naming and collecting the parts of a mail that are not its text."""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from email.message import Message

from core.mail.charsets import decode
from core.mail.headers import decoded
from core.mail.message import Attachment
from core.mail.tree import content_bytes, content_type, parameters

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_MAX_NAME = 150
_EXTENSIONS = {"message/rfc822": ".eml", "text/calendar": ".ics", "text/plain": ".txt", "image/jpeg": ".jpg"}


def file_name(message: Message) -> str:
    """The sender's name for a part, decoded whichever way it was written; empty where there is none."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = parameters(message, header).get(parameter)
        if value is None:
            continue
        if isinstance(value, tuple):
            charset, _, encoded = value
            name = decode(str(encoded).encode("latin-1", "replace"), str(charset or "utf-8"))
        else:
            name = decoded(value)
        name = safe_name(name)
        if name:
            return name
    return ""


def safe_name(name: str) -> str:
    """A file name without path, controls and direction marks, short enough for any file system."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    base = _FORBIDDEN.sub("_", base).strip(" .")
    if len(base) > _MAX_NAME:
        stem, dot, extension = base.rpartition(".")
        extension = dot + extension if dot and len(extension) <= 10 else ""
        base = (stem if extension else base)[: _MAX_NAME - len(extension)] + extension
    return base


def make_attachment(message: Message, number: int) -> Attachment:
    """The part as an attachment; one without a name is called by its number and type."""
    kind = content_type(message)
    name = file_name(message)
    if not name and kind == "message/rfc822":
        payload = message.get_payload()
        if isinstance(payload, list) and payload and isinstance(payload[0], Message):
            subject = safe_name(decoded(payload[0].get("subject", "")))
            name = f"{subject}.eml" if subject else ""
    if not name:
        extension = _EXTENSIONS.get(kind) or mimetypes.guess_extension(kind) or ".bin"
        name = f"attachment-{number}{extension}"
    disposition = str(message.get("content-disposition", "")).strip().lower()
    content_id = decoded(message.get("content-id", "")).strip("<> ")
    inline = bool(content_id) and not disposition.startswith("attachment")
    return Attachment(name, kind, content_bytes(message), content_id, inline)
