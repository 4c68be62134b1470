"""The jobs of enrichment: companies by mail domain every night, and a company's site when asked."""

from django.conf import settings
from django.utils.translation import gettext_lazy

from contacts.models import Company
from contacts.services.enrichment import suggest_companies, suggest_from_site
from core.jobs.kinds import job_kind
from core.jobs.running import JobFailed, JobRun
from core.models import Job
from core.registries import records
from core.web.fetching import FetchRefused, fetch


def _page(job: Job) -> str:
    return records.get("company").url_of(job.params["company"])


@job_kind("contacts.suggest_companies", title=gettext_lazy("Companies by mail domain"))
def suggest_by_domain(run: JobRun) -> None:
    """Suggest companies to people whose mail domain is a company's own."""
    run.finish_with(suggested=suggest_companies(actor=None))


@job_kind("contacts.look_up_site", title=gettext_lazy("Looking at the site of a company"), url_for=_page)
def look_up_site(run: JobRun) -> None:
    """Read the company's own page and suggest what it says."""
    company = Company.objects.filter(pk=run.params["company"]).first()
    if company is None or not company.domain or not settings.ENRICH_FROM_SITES:
        raise JobFailed(gettext_lazy("There is no site to look at."))
    try:
        page = fetch(f"https://{company.domain}/")
    except FetchRefused as error:
        raise JobFailed(gettext_lazy("The site could not be read: %(why)s."), why=error) from error
    run.finish_with(suggested=suggest_from_site(actor=None, company=company, html=page.text))
