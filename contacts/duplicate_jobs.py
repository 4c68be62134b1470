"""The job that looks for duplicates, and merges safe ones where it was asked to."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from contacts.matching.kinds import KINDS
from contacts.selectors.duplicates import settings_for
from contacts.services.duplicate_scans import safe_groups, scan
from contacts.services.duplicates import SCAN
from contacts.services.merging import merge_many
from core.jobs.kinds import job_kind
from core.jobs.running import JobRun

GROUPS_AT_ONCE = 100
"""Groups in a transaction: others who want to merge wait for about a second."""


def _page_of(job: Any) -> str:
    return reverse("contacts:contact_duplicates")


def _called(params: Mapping[str, Any]) -> str:
    return _("Merge safe duplicates") if params.get("merge_safe") else _("Find duplicates")


@job_kind(SCAN, title=_called, url_for=_page_of)
def find_duplicates(run: JobRun) -> None:
    """Scan, then merge the safe groups: of the kinds whose settings say so at night, of all when asked for."""
    scan(run)
    for kind in run.params.get("kinds") or list(KINDS):
        if run.params.get("merge_safe") or (run.params.get("nightly") and settings_for(kind).merge_safe):
            _merge(run, kind)
    run.finish_with(merged=run.checkpoint.get("merged", 0))


def _merge(run: JobRun, kind: str) -> None:
    """What is merged is no longer found, so that a killed worker's successor goes on with the rest; how many were
    merged is counted in the transaction that merges them."""
    groups = safe_groups(kind)
    for start in range(0, len(groups), GROUPS_AT_ONCE):
        batch = groups[start : start + GROUPS_AT_ONCE]
        with transaction.atomic():
            logs = merge_many(
                actor=run.job.owner, record_type=kind, groups=batch, reason=_("Safe duplicates")
            )
            merged = sum(len(log.merged_ids) for log in logs)
            run.save_checkpoint(merged=run.checkpoint.get("merged", 0) + merged)
        run.progress(start + len(batch), len(groups), _("Merging safe pairs"))
