"""Standardising values in bulk: searched for, looked at, applied and undone, each step a job."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.enums import StandardState
from contacts.models import StandardChange, StandardisingRun
from contacts.standardising.rules import BY_KEY
from core.enums import Action
from core.models import Job
from core.services.base import NotAllowed, require, service
from core.services.jobs import enqueue_job


@service
def start_standardising(*, actor: Any, rules: Sequence[str], wake: bool = True) -> StandardisingRun:
    """Start the search for values that the rules would write otherwise, among the records that the actor may
    change. Raises NotAllowed, ValidationError."""
    require(actor, "quality", Action.ADD)
    if not rules or not set(rules) <= set(BY_KEY):
        raise ValidationError(_("Choose what is to be standardised."))
    run = StandardisingRun.objects.create(owner=actor, rules=sorted(rules))
    run.find_job = _job(actor, "contacts.find_standards", run, wake)
    run.save(update_fields=["find_job", "updated_at"])
    return run


@service
def choose(*, actor: Any, run: StandardisingRun, shown: Sequence[int], chosen: Sequence[int]) -> None:
    """Note which of the shown changes are wanted. Raises NotAllowed, ValidationError."""
    _own(actor, run, StandardState.FOUND)
    rows = StandardChange.objects.filter(run=run, pk__in=list(shown))
    rows.filter(pk__in=list(chosen)).update(chosen=True)
    rows.exclude(pk__in=list(chosen)).update(chosen=False)


@service
def start_applying(*, actor: Any, run: StandardisingRun, wake: bool = True) -> Job:
    """Write the chosen values. Raises NotAllowed, ValidationError."""
    run = _own(actor, run, StandardState.FOUND)
    job = _job(actor, "contacts.apply_standards", run, wake)
    run.apply_job, run.state = job, StandardState.APPLYING
    run.save(update_fields=["apply_job", "state", "updated_at"])
    return job


@service
def start_undoing(*, actor: Any, run: StandardisingRun, wake: bool = True) -> Job:
    """Put back what was there, where nobody has changed it since. Raises NotAllowed, ValidationError."""
    run = _own(actor, run, StandardState.APPLIED)
    if run.undo_job_id is not None:
        raise ValidationError(_("This is being undone already."))
    job = _job(actor, "contacts.undo_standards", run, wake)
    run.undo_job = job
    run.save(update_fields=["undo_job", "updated_at"])
    return job


def _own(actor: Any, run: StandardisingRun, state: StandardState) -> StandardisingRun:
    """The run, locked, if it is the actor's and in this state."""
    require(actor, "quality", Action.ADD)
    locked: StandardisingRun = StandardisingRun.objects.select_for_update().get(pk=run.pk)
    if actor is not None and locked.owner_id != actor.pk:
        raise NotAllowed(_("Your role does not allow this."))
    if locked.state != state:
        raise ValidationError(_("This standardising has moved on; look at it again."))
    return locked


def _job(actor: Any, kind: str, run: StandardisingRun, wake: bool) -> Job:
    job: Job = enqueue_job(actor=actor, kind=kind, params={"run": run.pk}, wake=wake)
    return job
