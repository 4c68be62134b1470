"""Export files are copies for a download: they go after a week, and all of them when somebody is erased."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from core.models import Job

KEPT_FOR = timedelta(days=7)
GONE = "gone"


def forget_exports(values: Sequence[str] = (), names: Sequence[str] = ()) -> int:
    """Delete every stored export: any of them may hold the person, and who needs one makes it anew. Returns how
    many files that are; they go with the commit."""
    return _drop(_stored())


def forget_old_exports() -> int:
    """Delete the exports that are older than a week; returns how many."""
    return _drop(_stored().filter(created_at__lt=timezone.now() - KEPT_FOR))


def _stored() -> Any:
    rows = Job.objects.filter(kind="core.export", result__has_key="file")
    return rows.exclude(result__has_key=GONE)


def _drop(jobs: Any) -> int:
    count = 0
    for job in jobs:
        transaction.on_commit(lambda name=job.result["file"]: default_storage.delete(name))  # type: ignore[misc]
        Job.objects.filter(pk=job.pk).update(
            result={**job.result, GONE: True}, params={**job.params, "query": ""}
        )
        count += 1
    return count
