"""Files of messages."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from core.mail.attachments import safe_name
from core.mail.message import Attachment
from core.models import File
from core.services.base import service
from service.models import Message

ATTACHED_TYPE = "ticket_message"
MAX_FILES = 10
FALLBACK_TYPE = "application/octet-stream"


@service
def keep_attachments(*, actor: Any, message: Message, attachments: Iterable[Attachment]) -> list[File]:
    """Keep the files of a message. What a mail brought is kept whatever it is: it is only ever handed out as
    a download."""
    files = []
    for attachment in attachments:
        file = File(
            attached_type=ATTACHED_TYPE,
            attached_id=message.pk,
            name=attachment.name[:255],
            media_type=attachment.content_type[:100] or FALLBACK_TYPE,
            size=len(attachment.content),
            sha256=hashlib.sha256(attachment.content).hexdigest(),
            owner=message.author,
            team=message.ticket.team,
        )
        file.content.save(f"{file.sha256[:16]}.bin", ContentFile(attachment.content), save=False)
        file.save()
        files.append(file)
    return files


def read_uploads(uploads: Iterable[Any]) -> tuple[Attachment, ...]:
    """Uploaded files as attachments of an answer. Raises ValidationError that names the file."""
    found = list(uploads)
    if len(found) > MAX_FILES:
        raise ValidationError({"files": _("Attach at most %(limit)d files.") % {"limit": MAX_FILES}})
    total = 0
    for upload in found:
        total += upload.size
        if total > settings.UPLOAD_MAX_BYTES:
            limit = settings.UPLOAD_MAX_BYTES // 2**20
            text = _("With “%(name)s” the files are larger than %(limit)d MB; send fewer or smaller ones.")
            raise ValidationError({"files": text % {"name": upload.name, "limit": limit}})
    return tuple(
        Attachment(safe_name(upload.name) or "file", upload.content_type or FALLBACK_TYPE, upload.read())
        for upload in found
    )
