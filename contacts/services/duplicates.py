"""Deciding about pairs that may be one record, and tuning from which likeness on people are asked."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enums import PairState
from contacts.models import MatchingSettings
from contacts.selectors.duplicates import PAIRS
from core.enums import Action, JobState
from core.models import Job
from core.scope.access import profile_for
from core.services.base import NotAllowed, require_on, service
from core.services.jobs import enqueue_job

SCAN = "contacts.find_duplicates"
TUNE = "tune_matching"


@service
def dismiss_pair(*, actor: Any, pair: Any) -> None:
    """Say that two records are not the same. It stays said: scans and imports don't ask again."""
    _decide(actor, pair, PairState.DISMISSED)


@service
def reopen_pair(*, actor: Any, pair: Any) -> None:
    """Take back that two records are not the same."""
    _decide(actor, pair, PairState.OPEN)


def _decide(actor: Any, pair: Any, state: PairState) -> None:
    require_on(actor, pair, Action.CHANGE)
    pair.__class__.objects.filter(pk=pair.pk).update(
        state=state, decided_by=actor, decided_at=timezone.now(), updated_at=timezone.now()
    )
    pair.state = state


@service
def start_scan(
    *, actor: Any, kinds: Sequence[str] = ("contact", "company"), merge_safe: bool = False, wake: bool = True
) -> Job:
    """Look for duplicates among all records, as a job. One that is under way already is returned instead."""
    _require_tuning(actor)
    running = Job.objects.filter(kind=SCAN, state__in=[JobState.QUEUED, JobState.RUNNING]).first()
    if running is not None and not merge_safe:
        return running
    params = {"kinds": list(kinds), "merge_safe": merge_safe}
    return enqueue_job(actor=actor, kind=SCAN, params=params, wake=wake)


@service
def start_nightly_scan(*, actor: Any) -> Job:
    """The scan of every night: merges safe pairs of the kinds whose settings say so."""
    job = start_scan(actor=actor)
    if job.state == JobState.QUEUED:
        Job.objects.filter(pk=job.pk).update(params={**job.params, "nightly": True})
    return job


@service
def tune_matching(
    *, actor: Any, kind: str, review: float, safe: float, merge_safe: bool = False
) -> MatchingSettings:
    """Set from which likeness on pairs are shown and may be merged by a job. Raises ValidationError."""
    _require_tuning(actor)
    if kind not in PAIRS:
        raise ValidationError({"kind": _("There is nothing of this kind to match.")})
    settings, _created = MatchingSettings.objects.get_or_create(kind=kind)
    settings.review, settings.safe, settings.merge_safe = review, safe, merge_safe
    settings.full_clean()
    settings.save(update_fields=["review", "safe", "merge_safe", "updated_at"])
    return settings


def _require_tuning(actor: Any) -> None:
    if actor is not None and not profile_for(actor).can(TUNE):
        raise NotAllowed(_("Your role does not allow this."))


@service
def follow_merge(*, actor: Any, kind: str, survivor_id: int, merged_ids: Sequence[int]) -> None:
    """After a merge: pairs within the group are merged, and who was not the same as one that is gone is not
    the same as the survivor. Does nothing the second time."""
    model, group, gone = PAIRS[kind], {survivor_id, *merged_ids}, set(merged_ids)
    model.objects.filter(a__in=group, b__in=group).update(
        state=PairState.MERGED, decided_by=actor, decided_at=timezone.now()
    )
    dismissed = model.objects.filter(Q(a__in=gone) | Q(b__in=gone), state=PairState.DISMISSED)
    for pair in dismissed.exclude(a__in=group, b__in=group):
        other = pair.b_id if pair.a_id in gone else pair.a_id
        low, high = sorted((other, survivor_id))
        decided = {
            "state": PairState.DISMISSED,
            "decided_by_id": pair.decided_by_id,
            "decided_at": pair.decided_at,
        }
        found = {**decided, "score": pair.score, "levels": pair.levels}
        model.objects.update_or_create(a_id=low, b_id=high, defaults=decided, create_defaults=found)


@service
def follow_unmerge(*, actor: Any, kind: str, survivor_id: int, merged_ids: Sequence[int]) -> None:
    """After a merge was taken back: those records are not the same, somebody has just said so."""
    group = [survivor_id, *merged_ids]
    rows = PAIRS[kind].objects.filter(a__in=group, b__in=group, state=PairState.MERGED)
    rows.update(state=PairState.DISMISSED, decided_by=actor, decided_at=timezone.now())
