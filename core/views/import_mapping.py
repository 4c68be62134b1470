"""Which column fills which field: guessed, shown with first values, changed, kept, used again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.forms.import_mapping import MappingForm, MappingNameForm, ReadingForm
from core.importing.problems import FileProblem
from core.models import ImportBatch
from core.selectors.import_mappings import mappings_for
from core.selectors.imports import sample_values
from core.services.import_mappings import apply_mapping, save_mapping
from core.services.imports import map_import, reread_import, start_import
from core.ui.toasts import done
from core.views.import_base import ImportView

SHOWN = 50


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
