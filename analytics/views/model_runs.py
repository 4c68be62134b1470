"""The models' page: what each run learned, how well it did, and a button for a run now."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from analytics.selectors.runs import recent_runs
from analytics.services.scoring_start import start_scoring
from core.enums import Action
from core.ui.access import SignedInView


class ModelRunListView(SignedInView):
    """GET lists the newest runs; POST queues one and leads to its job."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not self.profile.allows("model_run", Action.VIEW):
            raise PermissionDenied(_("Your role does not allow this."))
        context = {
            "title": _("Forecast models"),
            "page_icon": "chart-line",
            "runs": recent_runs(request.user),
            "may_score": self.profile.allows("model_run", Action.ADD),
        }
        return render(request, "analytics/model_run_list.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        job = start_scoring(actor=request.user)
        if job.owner_id == request.user.pk:
            return HttpResponseRedirect(reverse("core:job", args=[job.pk]))
        return HttpResponseRedirect(reverse("analytics:model_run_list"))
