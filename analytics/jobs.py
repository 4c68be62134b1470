"""Long work of analytics."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from analytics.services.scoring_start import KIND
from core.jobs.kinds import job_kind
from core.jobs.results import Word, day, register
from core.jobs.running import JobRun
from core.models import Job


def _runs_url(job: Job) -> str:
    return reverse("analytics:model_run_list")


@job_kind(KIND, title=_("Scoring of customers"), url_for=_runs_url)
def score_customers(run: JobRun) -> None:
    """Score every customer with orders."""
    # every process registers the job; only the one that runs it pays for importing scipy
    from analytics.services.scoring import run_scoring

    run_scoring(run)


register(KIND, Word("scored", _("Customers scored")), Word("as_of", _("Orders up to"), show=day))
