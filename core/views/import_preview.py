"""What a trial found, line by line, and words that wait for a decision."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.enums import ImportRowFate
from core.forms.imports import WordsForm
from core.importing.ledger import waiting_words
from core.models import ImportBatch, Job
from core.selectors.import_previews import TrialPage, changed_fields, first_rows, trial_page
from core.selectors.imports import NOTED
from core.services.imports import decide_words, map_import, start_import
from core.ui.access import is_fragment
from core.ui.toasts import done
from core.views.import_base import ImportView


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

    def page(self, batch: ImportBatch) -> TrialPage:
        """Lines of a fate: the first of those that ask for a look, unless others are asked for."""
        fate = self.request.GET.get("fate") or self.first_fate(batch)
        after = self.request.GET.get("after", "0")
        if fate not in (*ImportRowFate.values, NOTED) or not after.isdecimal() or len(after) > 18:
            raise Http404
        return trial_page(batch, self.target(batch), self.request.user, fate=fate, after=int(after))

    def first_fate(self, batch: ImportBatch) -> str:
        """What would change, else what is new, what is here, what can't be taken: the first that has lines."""
        numbers = batch.options.get("preview", {}).get("fates", {})
        order = (ImportRowFate.UPDATED, ImportRowFate.CREATED, ImportRowFate.SKIPPED, ImportRowFate.FAILED)
        return next((fate.value for fate in order if numbers.get(fate.value)), ImportRowFate.UPDATED.value)

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
            context["page"] = self.page(batch)
            context["fates"] = [
                *((item.value, item.label, preview["fates"].get(item.value, 0)) for item in ImportRowFate),
                (NOTED, _("With a note"), preview.get("noted", 0)),
            ]
            context["changed"] = changed_fields(batch, context["target"])
            context["problems"] = sorted(preview["problems"].values(), key=lambda item: -item["rows"])
        return self.show("preview", status, **context)


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
