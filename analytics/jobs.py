"""Long work of analytics."""

from django.urls import reverse

from analytics.services.scoring import KIND, run_scoring
from core.jobs.kinds import job_kind
from core.jobs.running import JobRun
from core.models import Job


def _runs_url(job: Job) -> str:
    return reverse("analytics:model_run_list")


@job_kind(KIND, url_for=_runs_url)
def score_customers(run: JobRun) -> None:
    """Score every customer with orders."""
    run_scoring(run)
