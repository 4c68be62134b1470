"""What all import pages share."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.importing.targets import ImportTarget
from core.models import ImportBatch, Job
from core.selectors.imports import batches_of, pace_of
from core.services.imports import target_for
from core.ui.access import SignedInView


class ImportView(SignedInView):
    """What all import pages share: the capability, one's own batches, the steps above the page."""

    capability = "run_imports"
    step = 0

    def batch(self, pk: int) -> ImportBatch:
        found: ImportBatch | None = batches_of(self.request.user).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def target(self, batch: ImportBatch) -> ImportTarget:
        return target_for(self.request.user, batch.target)

    def show(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        batch: ImportBatch | None = context.get("batch")
        shared = {
            "title": batch.file_name if batch else _("Imports"),
            "page_icon": "upload",
            "back_url": reverse("core:import_list"),
            "back_label": _("Imports"),
            "steps": [_("File"), _("Columns"), _("Preview"), _("Import")],
            "step": self.step,
        }
        return render(self.request, f"core/imports/{template}.html", {**shared, **context}, status=status)

    def progress(self, context: dict[str, Any]) -> HttpResponse:
        """The part that asks again each second; when the job is final the whole page is loaded anew."""
        job: Job | None = context["job"]
        if job is not None and job.is_open:
            context["pace"] = pace_of(job)
            return self.show("_progress", **context)
        return HttpResponse(headers={"HX-Refresh": "true"})
