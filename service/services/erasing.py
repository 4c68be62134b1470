"""Taking what a person sent us out of the store of files as well as out of the tables."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from core.models import File
from core.services.base import service
from service.models import RawMail


@service
def erase_raw_mail(*, actor: Any, mails: QuerySet[RawMail]) -> int:
    """Delete received mails with their bytes; returns how many. The files go when the transaction commits."""
    return _erase(mails)


@service
def erase_attachments(*, actor: Any, files: QuerySet[File]) -> int:
    """Delete files of messages with their bytes; returns how many."""
    return _erase(files)


def _erase(rows: QuerySet[Any]) -> int:
    found = list(rows.distinct())
    stored = [row.content for row in found]
    rows.model._base_manager.filter(pk__in=[row.pk for row in found]).delete()
    transaction.on_commit(
        lambda: [content.storage.delete(content.name) for content in stored if content.name]
    )
    return len(found)
