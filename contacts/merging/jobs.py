"""Merging many groups in the background: pairs that are safe, found by a scan."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.services.merging import merge_many
from core.jobs.kinds import job_kind
from core.jobs.running import JobRun
from core.services.jobs import enqueue_job

KIND = "contacts.merge"
SLICE = 100
"""Groups in a transaction: others who want to merge wait for about a second."""


def start_merges(*, actor: Any, record_type: str, groups: Sequence[Sequence[int]], reason: str = "") -> Any:
    """Merge `groups` of ids as a job, within the actor's scope (None: the system). The first of each group
    goes on, unless it is anonymous. `reason` says on the page of merges why; no personal data in it."""
    params = {"record_type": record_type, "groups": [list(group) for group in groups], "reason": reason}
    return enqueue_job(actor=actor, kind=KIND, params=params)


@job_kind(KIND, title=_("Merging records"), url_for=lambda _job: reverse("contacts:merge_list"))
def run_merges(run: JobRun) -> None:
    """A hundred groups a transaction, each with its checkpoint: a killed worker's successor goes on."""
    groups, merged = run.params["groups"], run.checkpoint.get("merged", 0)
    start = run.checkpoint.get("done", 0)
    for place in range(start, len(groups), SLICE):
        with transaction.atomic():
            logs = merge_many(
                actor=run.job.owner,
                record_type=run.params["record_type"],
                groups=groups[place : place + SLICE],
                reason=run.params["reason"],
            )
            merged += sum(len(log.merged_ids) for log in logs)
            run.save_checkpoint(done=place + SLICE, merged=merged)
        run.progress(min(place + SLICE, len(groups)), len(groups))
    run.finish_with(groups=len(groups), merged=merged)
