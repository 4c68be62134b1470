"""Links to files that work without signing in: for a few minutes, and only while their person may see the file."""

from typing import Any

from django.core import signing
from django.urls import reverse

from core.models import File, User
from core.services.files import parent_of

SALT = "core.file"
MAX_AGE_SECONDS = 600


def signed_link(file: File, user: Any) -> str:
    """The path of a link to `file` that answers to the rights of `user` for ten minutes."""
    return reverse("core:file_signed", args=[signing.dumps([file.pk, user.pk], salt=SALT)])


def file_behind(token: str) -> File | None:
    """The file that a link means; None where it is forged or too old, the file is gone, or its person may
    not see the record any more."""
    try:
        file_id, user_id = signing.loads(token, salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    file: File | None = File.objects.filter(pk=file_id).first()
    return file if file is not None and user is not None and parent_of(file, user) is not None else None
