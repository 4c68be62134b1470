"""Jobs: the page of one with live progress, one's own list, and cancelling."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.enums import JobState
from core.jobs.kinds import kind_named
from core.jobs.results import described, summary
from core.models import Job
from core.services.jobs import can_be_undone, cancel_job, undo_job
from core.ui.access import SignedInView, is_fragment
from core.ui.toasts import done, say

SHOWN = 50


class JobListView(SignedInView):
    """One's own jobs, newest first; everybody's with the capability `see_jobs`."""

    def get(self, request: HttpRequest) -> HttpResponse:
        everybody = self.profile.can("see_jobs")
        rows = Job.objects.all() if everybody else Job.objects.visible_to(request.user)
        jobs = [(job, _said_of(job)) for job in rows.select_related("owner").order_by("-pk")[:SHOWN]]
        context = {"title": _("Jobs"), "page_icon": "progress", "jobs": jobs}
        return render(request, "ui/job_list.html", context)


def _said_of(job: Job) -> str:
    """Where a job is, why it failed, or what it came to."""
    if job.is_open or job.state == JobState.PAUSED:
        return _(job.message) if job.message else summary(job.kind, job.result)
    return job.why or summary(job.kind, job.result)


class JobView(SignedInView):
    """A job's page; asked as a fragment it is the part that asks again each second until the job is final."""

    def find(self, pk: int) -> Job:
        rows = (
            Job.objects.all() if self.profile.can("see_jobs") else Job.objects.visible_to(self.request.user)
        )
        job: Job | None = rows.select_related("owner").filter(pk=pk).first()
        if job is None:
            raise Http404
        return job

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.find(pk)
        kind = kind_named(job.kind)
        undo = job.result.get("undo")
        context = {
            "title": str(job),
            "page_icon": "progress",
            "job": job,
            "result_url": kind.url_for(job) if kind and kind.url_for and not job.is_open else "",
            "may_undo": job.owner_id == request.user.pk and can_be_undone(job),
            "undo_url": reverse("core:job", args=[undo["job"]]) if undo else "",
            "result": described(job.kind, job.result),
        }
        return render(request, "ui/_job.html" if is_fragment(request) else "ui/job.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.find(pk)
        if job.owner_id != request.user.pk and not self.profile.everything:
            raise Http404
        if "undo" in request.POST:
            return self.undo(job)
        cancel_job(actor=request.user, job=job)
        return done(request, request.path, _("The job stops at its next step"))

    def undo(self, job: Job) -> HttpResponse:
        try:
            started = undo_job(actor=self.request.user, job=job)
        except ValidationError as error:
            say(self.request, " ".join(error.messages), tone="error")
            return done(self.request, self.request.path)
        return done(self.request, reverse("core:job", args=[started.pk]))
