"""Standardising on screen: what to look for, what was found, apply, undo."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Company, Contact, StandardChange, StandardisingRun
from contacts.selectors.standardising import changes_of
from contacts.services.standardising import choose, start_applying, start_standardising, start_undoing
from contacts.standardising.rules import BY_KEY, RULES
from contacts.views.quality import QualityRelated
from core.enums import Action
from core.paging import BadCursor, keyset_page
from core.registries import records
from core.ui.toasts import done, refused

PAGE = 100
SHOWN_RUNS = 20
FIELDS = {
    "value": gettext_lazy("Way to reach"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "country": gettext_lazy("Country"),
    "name": gettext_lazy("Name"),
    "job_title": gettext_lazy("Job title"),
    "salutation": gettext_lazy("Salutation"),
}


class RulesForm(forms.Form):
    """What to look for."""

    rules = forms.MultipleChoiceField(
        label=gettext_lazy("What is to be written properly"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(rule.key, f"{rule.label} ({rule.example})") for rule in RULES],
        error_messages={"required": gettext_lazy("Choose what is to be standardised.")},
    )


class StandardiseView(QualityRelated):
    """The start of a standardising, and one's earlier ones."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.require(Action.ADD)
        return self._answer(RulesForm(initial={"rules": [rule.key for rule in RULES]}), 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.require(Action.ADD)
        form = RulesForm(request.POST)
        if not form.is_valid():
            return self._answer(form, 422)
        run = start_standardising(actor=request.user, rules=form.cleaned_data["rules"])
        return done(request, reverse("contacts:standardising", args=[run.pk]))

    def _answer(self, form: forms.Form, status: int) -> HttpResponse:
        runs = StandardisingRun.objects.visible_to(self.request.user).order_by("-pk")[:SHOWN_RUNS]
        context = {
            "title": _("Standardise"),
            "form": form,
            "runs": [(run, ", ".join(_label(key) for key in run.rules)) for run in runs],
            "back_url": reverse("contacts:quality"),
            "back_label": _("Data quality"),
        }
        return render(self.request, "contacts/quality/standardise.html", context, status=status)


class StandardisingView(QualityRelated):
    """One's own standardising. POST keeps the choice of the page; `do=apply` and `do=undo` go on."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.require(Action.ADD)
        run = self._run(pk)
        job = run.undo_job or run.apply_job or run.find_job
        rows = changes_of(run, request.user)
        rule = request.GET.get("rule", "")
        if rule in BY_KEY:
            rows = rows.filter(rule=rule)
        try:
            page = keyset_page(rows, ("pk",), cursor=request.GET.get("cursor", ""), size=PAGE)
        except BadCursor:
            raise Http404 from None
        changes = (
            StandardChange.objects.filter(pk__in=page.ids).select_related("contact", "company").order_by("pk")
        )
        chosen = StandardChange.objects.filter(run=run, chosen=True).count()
        context = {
            "title": _("Values found"),
            "run": run,
            "job": job if job is not None and job.is_open else None,
            "rules": [(key, _label(key), key == rule) for key in run.rules],
            "rule": rule,
            "changes": [_shown(change) for change in changes],
            "chosen": chosen,
            "next": page.next,
            "back_url": reverse("contacts:standardise"),
            "back_label": _("Standardise"),
        }
        return render(request, "contacts/quality/standardising.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.require(Action.ADD)
        run, user = self._run(pk), request.user
        try:
            if request.POST.get("do") == "undo":
                start_undoing(actor=user, run=run)
            else:
                choose(actor=user, run=run, shown=_ids(request, "shown"), chosen=_ids(request, "chosen"))
            if request.POST.get("do") == "apply":
                start_applying(actor=user, run=run)
        except ValidationError as error:
            return refused(request, request.get_full_path(), error.messages[0])
        return done(request, reverse("contacts:standardising", args=[pk]) + self._place())

    def _place(self) -> str:
        """Where the list goes on: the same rule, the next page or the same one."""
        asked, said = self.request.GET, self.request.POST
        cursor = said.get("next") if said.get("do") == "next" else asked.get("cursor")
        kept = {"rule": asked.get("rule"), "cursor": cursor if said.get("do") in ("next", "keep") else ""}
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"?{query}" if query else ""

    def _run(self, pk: int) -> StandardisingRun:
        rows = StandardisingRun.objects.visible_to(self.request.user)
        run: StandardisingRun | None = (
            rows.select_related("find_job", "apply_job", "undo_job").filter(pk=pk).first()
        )
        if run is None:
            raise Http404
        return run


def _label(key: str) -> str:
    return str(BY_KEY[key].short) if key in BY_KEY else key


def _ids(request: HttpRequest, name: str) -> list[int]:
    return [int(text) for text in request.POST.getlist(name)[: PAGE * 2] if text.isascii() and text.isdigit()]


def _shown(change: StandardChange) -> dict[str, Any]:
    record: Contact | Company | None = change.contact or change.company
    return {
        "pk": change.pk,
        "record": record,
        "url": records.of(record).url_of(record.pk) if record is not None else "",
        "field": FIELDS.get(change.field, change.field),
        "before": change.before,
        "after": change.after,
        "chosen": change.chosen,
        "outcome": change.outcome,
    }
