"""Import: choose a file, map its columns, try it, run it, decide about words, undo it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.enums import ImportRowFate
from core.forms.imports import (
    MappingForm,
    MappingNameForm,
    MendForm,
    ReadingForm,
    UploadForm,
    WordsForm,
)
from core.importing.ledger import waiting_words
from core.importing.problems import FileProblem
from core.importing.targets import ImportTarget
from core.models import ImportBatch, Job
from core.registries import imports, records
from core.selectors.imports import (
    batches_of,
    changed_fields,
    first_rows,
    kept_records,
    lines_with,
    mappings_for,
    pace_of,
    sample_values,
    shown_changes,
)
from core.services.import_mappings import apply_mapping, save_mapping
from core.services.imports import (
    create_import,
    decide_words,
    map_import,
    mend_import,
    reread_import,
    start_import,
    start_undo,
    target_for,
)
from core.services.jobs import pause_job, resume_job
from core.ui.access import SignedInView, is_fragment
from core.ui.toasts import done

SHOWN = 50


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


class ImportListView(ImportView):
    """One's own imports, newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        batches = list(batches_of(request.user)[:SHOWN])
        labels = {target.key: target for target in imports.all_targets()}
        rows = [(batch, labels.get(batch.target)) for batch in batches]
        return self.show("list", rows=rows, back_url="")


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


class ImportMapView(ImportView):
    """The columns: guessed, shown with their first values, changed, kept."""

    step = 2

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch(pk)
        if batch.job_id is not None:
            return redirect("core:import_detail", batch.pk)
        form = MappingForm(batch=batch, target=self.target(batch), user=request.user)
        return self.answer(batch, form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch(pk)
        form = MappingForm(request.POST, batch=batch, target=self.target(batch), user=request.user)
        if not form.is_valid():
            return self.answer(batch, form, 422)
        owner = form.cleaned_data["owner"]
        try:
            with transaction.atomic():
                map_import(
                    actor=request.user,
                    batch=batch,
                    mapping=form.mapping(),
                    owner_id=owner.pk if owner else None,
                )
                start_import(actor=request.user, batch=batch, dry_run=True)
        except ValidationError as error:
            for message in error.messages:
                form.add_error(None, message)
            return self.answer(batch, form, 422)
        return redirect("core:import_preview", batch.pk)

    def answer(self, batch: ImportBatch, form: MappingForm, status: int = 200) -> HttpResponse:
        samples = sample_values(batch)
        columns = [{**column, "samples": samples.get(column["name"], [])} for column in form.columns()]
        return self.show(
            "map",
            status,
            batch=batch,
            form=form,
            columns=columns,
            target=form.target,
            reading=ReadingForm(batch=batch) if batch.options["layout"]["kind"] == "csv" else None,
            saved=mappings_for(self.request.user, batch.target)[:SHOWN],
        )


class ImportReadView(ImportView):
    """Read the file with another encoding or delimiter."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch(pk)
        form = ReadingForm(request.POST, batch=batch)
        url = reverse("core:import_map", args=[pk])
        if not form.is_valid():
            return done(request, url, _("Choose from the lists."))
        try:
            reread_import(actor=request.user, batch=batch, **form.cleaned_data)
        except (FileProblem, ValidationError) as error:
            return done(
                request, url, str(error) if isinstance(error, FileProblem) else " ".join(error.messages)
            )
        return done(request, url, _("Read again"))


class ImportMappingView(ImportView):
    """Use a mapping that was kept, or keep this one."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch, url = self.batch(pk), reverse("core:import_map", args=[pk])
        try:
            if "use" in request.POST:
                saved = (
                    mappings_for(request.user, batch.target).filter(pk=_number(request.POST["use"])).first()
                )
                if saved is None:
                    raise Http404
                apply_mapping(actor=request.user, batch=batch, saved=saved)
                return done(request, url, _("Mapped as “%(name)s”") % {"name": saved})
            form = MappingNameForm(request.POST)
            if not form.is_valid():
                return done(request, url, _("Give the mapping a name of at most 80 characters."))
            save_mapping(actor=request.user, target=batch.target, mapping=batch.mapping, **form.cleaned_data)
        except ValidationError as error:
            return done(request, url, " ".join(error.messages))
        return done(request, url, _("Mapping kept"))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


class ImportPreviewView(ImportView):
    """What a trial over the whole file found; words can be decided here, then the import starts."""

    step = 3

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch(pk)
        if batch.job_id is not None:
            return redirect("core:import_detail", batch.pk)
        return self.answer(batch)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch(pk)
        form = self.words(batch, request.POST)
        try:
            if not form.is_valid():
                return self.answer(batch, form, 422)
            decisions = batch.mapping.get("decisions", {})
            for field, values in form.decisions().items():
                decisions[field] = {**decisions.get(field, {}), **values}
            with transaction.atomic():
                map_import(actor=request.user, batch=batch, mapping={"decisions": decisions})
                start_import(actor=request.user, batch=batch)
        except KeyError:
            form.add_error(None, _("A chosen record is gone. Choose again."))
            return self.answer(batch, form, 422)
        except ValidationError as error:
            return done(request, reverse("core:import_detail", args=[pk]), " ".join(error.messages))
        return redirect("core:import_detail", batch.pk)

    def words(self, batch: ImportBatch, data: Any = None) -> WordsForm:
        found = batch.options.get("preview", {}).get("words", {}).values()
        words = sorted(found, key=lambda word: -word["rows"])
        return WordsForm(data, words=words, target=self.target(batch), user=self.request.user)

    def answer(self, batch: ImportBatch, form: WordsForm | None = None, status: int = 200) -> HttpResponse:
        job = Job.objects.filter(pk=batch.options.get("preview_job")).first()
        preview = batch.options.get("preview")
        context: dict[str, Any] = {
            "batch": batch,
            "job": job,
            "preview": preview,
            "target": self.target(batch),
        }
        if is_fragment(self.request):
            return self.progress(context)
        if preview is not None:
            context["form"] = form or self.words(batch)
            context["labels"], context["rows"] = first_rows(batch, context["target"])
            context["changes"] = shown_changes(batch, context["target"], self.request.user)
            context["changed"] = changed_fields(batch, context["target"])
            context["problems"] = sorted(preview["problems"].values(), key=lambda item: -item["rows"])
        return self.show("preview", status, **context)


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
        fate = request.GET.get("fate", ImportRowFate.FAILED)
        if fate not in ImportRowFate.values:
            raise Http404
        context |= {
            "fates": [(item, batch.counts.get(item.value, 0)) for item in ImportRowFate],
            "fate": fate,
            "lines": lines_with(batch, fate),
            "review": batch.rows.filter(review=True).count(),
            "undo_job": undo_job,
            "mend_form": MendForm(),
            "corrections": batch.corrections.order_by("pk"),
            "list_url": self.list_url(batch),
        }
        return self.show("detail", **context)

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


class ImportReviewView(ImportView):
    """Words that wait for a decision: each is decided once for all its lines."""

    step = 4

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch(pk)
        return self.answer(batch, self.words(batch))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.batch(pk)
        form = self.words(batch, request.POST)
        if not form.is_valid():
            return self.answer(batch, form, 422)
        settled = 0
        try:
            with transaction.atomic():
                for field, values in form.decisions().items():
                    settled += decide_words(actor=request.user, batch=batch, field=field, values=values)
        except KeyError:
            form.add_error(None, _("A chosen record is gone. Choose again."))
            return self.answer(batch, form, 422)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
            return self.answer(batch, form, 422)
        text = ngettext("%(count)s line settled", "%(count)s lines settled", settled) % {"count": settled}
        return done(request, reverse("core:import_detail", args=[pk]), text)

    def words(self, batch: ImportBatch, data: Any = None) -> WordsForm:
        words = waiting_words(batch)[:300]
        return WordsForm(data, words=words, target=self.target(batch), user=self.request.user)

    def answer(self, batch: ImportBatch, form: WordsForm, status: int = 200) -> HttpResponse:
        return self.show("review", status, batch=batch, form=form, target=self.target(batch))


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
