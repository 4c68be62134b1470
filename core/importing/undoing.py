"""Undoing an import as a job: what it created goes, what it replaced returns, but nothing that somebody has
changed since."""

import csv
import io
import tempfile
from typing import Any

from django.apps import apps
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.history.undo import PART_OF_KEPT, undo_changesets
from core.importing.running import page_of
from core.jobs.kinds import job_kind
from core.jobs.running import JobRun
from core.models import ChangeSet, ImportBatch, ImportRow
from core.registries import imports, records

SHOWN = 500
KEPT_COLUMNS = ("type", "id", "reason")


@job_kind("core.undo_import", title=_("Undoing %(file)s"), url_for=page_of)
def undo_import(run: JobRun) -> None:
    """Undo the batch `params["batch"]` in one transaction; a killed run left nothing and starts over."""
    batch = ImportBatch.objects.get(pk=run.params["batch"])
    target = imports.get(batch.target)
    if batch.undone_at is not None:
        return
    ids = list(ChangeSet.objects.filter(cause=f"job:{batch.job_id}").values_list("pk", flat=True))
    with transaction.atomic():
        outcome = undo_changesets(
            ids, actor=run.job.owner_id, cause=f"undo:{batch.job_id}", leave=["core.ImportBatch"]
        )
        if target is not None:
            target.undone(outcome.deleted_ids)
            target.restored(outcome.restored_ids)
        ImportRow.objects.filter(batch=batch, review=True).update(review=False)
        if outcome.skipped:
            _write_kept(batch, outcome.skipped)
        batch.undone_at = timezone.now()
        batch.save(update_fields=["undone_at", "kept_file", "updated_at"])
        run.save_checkpoint(done=True)
    run.finish_with(
        deleted=outcome.deleted,
        restored=outcome.restored,
        kept=len(outcome.skipped),
        parts=sum(item["reason"] == PART_OF_KEPT for item in outcome.skipped),
        skipped=outcome.skipped[:SHOWN],
    )


def _write_kept(batch: ImportBatch, skipped: list[dict[str, Any]]) -> None:
    """What was left alone as a file: type, id and why, the records first, then their parts."""
    types = {item.model._meta.label: item.key for item in records.all_types()}
    lines = [
        (
            types.get(item["model"], str(apps.get_model(item["model"])._meta.verbose_name)),
            item["id"],
            item["reason"],
        )
        for item in sorted(skipped, key=lambda item: item["model"] not in types)
    ]
    with tempfile.TemporaryFile("w+b") as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
        csv.writer(text).writerows([KEPT_COLUMNS, *lines])
        stream.seek(0)
        batch.kept_file.save(f"kept-{batch.pk}.csv", File(stream), save=False)
        text.detach()
