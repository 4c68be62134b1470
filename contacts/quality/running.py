"""The jobs of data quality: the nightly count and the weekly report."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.quality.auditing import reports, tell
from contacts.services.quality import AUDIT, KIND, take_snapshot
from core.jobs.kinds import job_kind
from core.jobs.running import JobRun
from core.models import Job, User
from core.registries import quality


def _page(job: Job) -> str:
    return reverse("contacts:quality")


@job_kind(KIND, title=_("Measuring data quality"), url_for=_page)
def measure_quality(run: JobRun) -> None:
    """Count every measure over everything. Started again it counts again: a day has one set of figures."""
    kinds = quality.record_types()
    counted = {}
    for number, record_type in enumerate(kinds):
        run.progress(number, len(kinds))
        counted[record_type] = take_snapshot(actor=None, record_type=record_type)
    run.progress(len(kinds), len(kinds))
    run.finish_with(**counted)


@job_kind(AUDIT, title=_("Reporting what is to be mended"))
def audit_quality(run: JobRun) -> None:
    """Report to everybody once a week; who was told already is not told again by a successor."""
    found = reports()
    people = {user.pk: user for user in User.objects.filter(pk__in=found)}
    mails = 0
    for number, (pk, mends) in enumerate(sorted(found.items()), 1):
        mails += tell(people[pk], mends, timezone.localdate())
        run.progress(number, len(found))
    run.finish_with(
        people=len(found), mails=mails, flaws=sum(m.number for own in found.values() for m in own)
    )
