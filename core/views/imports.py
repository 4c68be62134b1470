"""Import: choose a file, map its columns, try it, run it, decide about words, undo it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.enums import ImportRowFate
from core.forms.imports import (
    MendForm,
    UploadForm,
)
from core.importing.problems import FileProblem
from core.models import ImportBatch, Job
from core.registries import imports, records
from core.selectors.imports import (
    FATES_SHOWN,
    NOTED,
    batches_of,
    fates_of,
    kept_records,
    lines_with,
    pace_of,
    told_lines,
    waiting_among,
)
from core.services.imports import (
    create_import,
    mend_import,
    start_import,
    start_undo,
)
from core.services.jobs import pause_job, resume_job
from core.ui.access import is_fragment
from core.ui.toasts import done
from core.views.import_base import ImportView

SHOWN = 50


class ImportListView(ImportView):
    """One's own imports, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        batches = list(batches_of(request.user)[:SHOWN])
        labels = {target.key: target for target in imports.all_targets()}
        rows = [(batch, labels.get(batch.target)) for batch in batches]
        return self.show("list", rows=rows, waiting=waiting_among(batches), back_url="")


class ImportCreateView(ImportView):
    """Upload: the file is looked at, kept, and its mapping guessed."""

    step = 1

    def get(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(user=request.user, initial={"target": request.GET.get("target", "")})
        return self.show("upload", form=form, title=_("Import a file"))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, user=request.user)
        if getattr(request, "upload_too_large", False):
            form.add_error("file", _("The file is too large. Split it into smaller files."))
        if not form.is_valid():
            return self.show("upload", 422, form=form, title=_("Import a file"))
        file = form.cleaned_data["file"]
        try:
            batch = create_import(
                actor=request.user,
                target=form.cleaned_data["target"],
                stream=file.file,
                name=file.name,
                size=file.size,
                source=form.cleaned_data["source"],
            )
        except FileProblem as problem:
            form.add_error("file", str(problem))
            return self.show("upload", 422, form=form, title=_("Import a file"))
        except ValidationError as error:
            form.add_error("target" if "target" in getattr(error, "error_dict", {}) else None, error.messages)
            return self.show("upload", 422, form=form, title=_("Import a file"))
        return redirect("core:import_map", batch.pk)


class ImportDetailView(ImportView):
    """The import while it runs, and what became of each line."""

    step = 4

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch(pk)
        if batch.job_id is None:
            return redirect("core:import_map", batch.pk)
        undo_job = Job.objects.filter(kind="core.undo_import", params__batch=batch.pk).order_by("-pk").first()
        job = undo_job if undo_job is not None and undo_job.is_open else batch.job
        context: dict[str, Any] = {"batch": batch, "job": job, "target": imports.get(batch.target)}
        context |= {"pace": pace_of(job) if job else None, "pausable": job == batch.job}
        if is_fragment(request):
            return self.progress(context)
        context |= self.lines(batch)
        context |= {
            "fates": fates_of(batch),
            "review": batch.rows.filter(review=True).count(),
            "undo_job": undo_job,
            "undo_kept": _records_kept(undo_job),
            "mend_form": MendForm(),
            "corrections": batch.corrections.order_by("pk"),
            "list_url": self.list_url(batch),
        }
        return self.show("detail", **context)

    def lines(self, batch: ImportBatch) -> dict[str, Any]:
        """The lines that are asked for: of a fate, or those with a note."""
        fate, after = self.request.GET.get("fate", ImportRowFate.FAILED), self.request.GET.get("after", "0")
        if fate not in (*ImportRowFate.values, NOTED) or not after.isdecimal() or len(after) > 18:
            raise Http404
        if fate in (ImportRowFate.FAILED, NOTED):
            lines, more = told_lines(batch, fate, int(after))
            return {"fate": fate, "lines": lines, "next": more, "after": int(after)}
        lines = lines_with(batch, fate)
        return {"fate": fate, "lines": lines, "cut": len(lines) == FATES_SHOWN}

    def list_url(self, batch: ImportBatch) -> str:
        target = imports.get(batch.target)
        if target is None or not records.known(target.record_type):
            return ""
        name = records.get(target.record_type).list_url
        return reverse(name) if name else ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo the import."""
        batch = self.batch(pk)
        try:
            start_undo(actor=request.user, batch=batch)
        except ValidationError as error:
            return done(request, request.path, " ".join(error.messages))
        return redirect("core:import_detail", batch.pk)


class ImportMendView(ImportView):
    """A file with the failed lines mended: tried like any other, but only those lines are taken."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch, url = self.batch(pk), reverse("core:import_detail", args=[pk])
        form = MendForm(request.POST, request.FILES)
        if not form.is_valid():
            return done(request, url, " ".join(str(error) for error in form.errors["file"]))
        file = form.cleaned_data["file"]
        try:
            with transaction.atomic():
                made = mend_import(
                    actor=request.user, batch=batch, stream=file.file, name=file.name, size=file.size
                )
                start_import(actor=request.user, batch=made, dry_run=True)
        except (FileProblem, ValidationError) as error:
            return done(
                request, url, str(error) if isinstance(error, FileProblem) else " ".join(error.messages)
            )
        return redirect("core:import_preview", made.pk)


class ImportPauseView(ImportView):
    """Pause the running import, or let a paused one go on."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch, url = self.batch(pk), reverse("core:import_detail", args=[pk])
        if batch.job is None:
            raise Http404
        try:
            if "resume" in request.POST:
                resume_job(actor=request.user, job=batch.job)
            else:
                pause_job(actor=request.user, job=batch.job)
        except ValidationError as error:
            return done(request, url, " ".join(error.messages))
        return redirect(url)


class ImportKeptView(ImportView):
    """What undoing left alone, as a page and as a file."""

    step = 4

    def get(self, request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
        batch = self.batch(pk)
        if not batch.kept_file:
            raise Http404
        if request.GET.get("format") == "csv":
            name = f"kept-{batch.file_name.rsplit('.', 1)[0]}.csv"
            response = FileResponse(batch.kept_file.open("rb"), as_attachment=True, filename=name)
            response["Content-Type"] = "text/csv; charset=utf-8"
            return response
        return self.show("kept", batch=batch, rows=kept_records(batch, request.user))


class ImportErrorsView(ImportView):
    """The failed lines as a file to mend and import again."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
        batch = self.batch(pk)
        if not batch.error_file:
            raise Http404
        name = f"errors-{batch.file_name.rsplit('.', 1)[0]}.csv"
        response = FileResponse(batch.error_file.open("rb"), as_attachment=True, filename=name)
        response["Content-Type"] = "text/csv; charset=utf-8"
        return response


def _records_kept(undo_job: Job | None) -> int:
    """How many records undoing left alone, without their parts."""
    result = undo_job.result or {} if undo_job is not None else {}
    return int(result.get("kept", 0)) - int(result.get("parts", 0))
