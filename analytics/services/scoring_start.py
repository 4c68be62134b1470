"""Asking for a scoring run: apart from the run itself, whose numeric libraries take seconds to import."""

from datetime import date
from typing import Any

from core.enums import Action
from core.models import Job
from core.services.base import require, service
from core.services.jobs import enqueue_job

KIND = "analytics.score_customers"


@service
def start_scoring(*, actor: Any, as_of: date | None = None) -> Job:
    """Queue a run over both populations; the one that is queued or running already, if there is one.

    `as_of` (default: as far as the orders go) leaves later orders out. Raises NotAllowed.
    """
    require(actor, "model_run", Action.ADD)
    under_way = Job.objects.filter(kind=KIND, state__in=("queued", "running"), params={}).first()
    if under_way is not None and as_of is None:
        return under_way
    params = {"as_of": as_of.isoformat()} if as_of else {}
    job: Job = enqueue_job(actor=actor, kind=KIND, params=params)
    return job
