"""Uploaded files: taken by what their bytes are, kept under random names, given only as downloads."""

import hashlib
import re
import zipfile
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File as Content
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import Action
from core.mail.attachments import safe_name
from core.models import File
from core.registries import records
from core.services.base import NotAllowed, default_team, require_on, save_changes, service

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"\x1f\x8b", "application/gzip"),
)
OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
ACTIVE = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|script|svg|iframe|object|embed|\?xml)", re.IGNORECASE
)
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
SNIFFED = 4096


@service
def attach_file(*, actor: Any, record: Any, name: str, content: Any) -> File:
    """Keep an upload on a record. `content` is Django's uploaded file.

    Raises ValidationError for one that is empty, too big, a program or something that a browser would run
    (HTML, SVG, XML); NotAllowed where the record may not be changed.
    """
    require_on(actor, record, Action.CHANGE)
    size, limit = int(content.size), int(settings.UPLOAD_MAX_BYTES)
    if size == 0:
        raise ValidationError({"file": _("The file is empty.")})
    if size > limit:
        raise ValidationError(
            {"file": _("The file is larger than %(limit)d MB.") % {"limit": limit // 2**20}}
        )
    media_type = sniff(content)
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    kept: File = File.objects.create(
        attached_type=record.record_type,
        attached_id=record.pk,
        name=safe_name(name)[:255] or _("file"),
        content=Content(content, name=uuid4().hex),
        media_type=media_type,
        size=size,
        sha256=digest.hexdigest(),
        owner=actor,
        team=default_team(actor),
    )
    return kept


def sniff(content: Any) -> str:
    """The media type that the bytes say. Raises ValidationError for what must not be kept."""
    content.seek(0)
    head: bytes = content.read(SNIFFED)
    content.seek(0)
    if head.startswith(PROGRAMS):
        raise ValidationError({"file": _("This is a program. Programs can't be attached.")})
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"PK\x03\x04"):
        return _zip_type(content)
    plain = head.replace(b"\x00", b"")
    if ACTIVE.search(plain):
        raise ValidationError(
            {"file": _("HTML, SVG and XML files can't be attached; make it a PDF or a picture.")}
        )
    return "application/octet-stream" if b"\x00" in head else "text/plain"


def _zip_type(content: Any) -> str:
    try:
        with zipfile.ZipFile(content) as archive:
            names = archive.namelist()[:200]
    except (zipfile.BadZipFile, OSError, ValueError):
        return "application/octet-stream"
    finally:
        content.seek(0)
    for start, media_type in OFFICE.items():
        if any(name.startswith(start) for name in names):
            return media_type
    return "application/zip"


@service
def detach_file(*, actor: Any, file: File) -> None:
    """Move a file to the recycle bin. Raises NotAllowed where its record may not be changed."""
    record = parent_of(file, actor)
    if actor is not None and record is None:
        raise NotAllowed(_("Your role does not allow this."))
    if record is not None:
        require_on(actor, record, Action.CHANGE)
    if file.deleted_at is None:
        save_changes(file, {"deleted_at": timezone.now()})


def parent_of(file: File, user: Any) -> Any:
    """The record that a file hangs on, if the viewer may see it; None otherwise."""
    return None if user is None else records.resolve(file.attached_type, file.attached_id, user)
