"""Dialogs beside a person or company: ways to reach them, and what they agreed to."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms.reach import ConsentForm, PointForm
from contacts.models import Company
from contacts.services.consents import record_consent
from contacts.services.points import add_point
from core.enums import Action
from core.services.base import StaleRecord
from core.ui.access import RecordTypeView, in_dialog, is_fragment
from core.ui.form_pages import add_errors, stale_context
from core.ui.toasts import done, say, trigger
from core.ui.undo import undo_url


class PartyView(RecordTypeView):
    """Changes what hangs on a person or company, which the role may hide or protect under the names `fields` (403):
    fields of that record, or of the type `fields_of`."""

    required_action = Action.CHANGE
    fields: ClassVar[frozenset[str]] = frozenset()
    fields_of: ClassVar[str] = ""

    def find(self, pk: int, action: Action = Action.VIEW) -> Any:
        record = super().find(pk, action)
        kind = self.fields_of or self.type.key
        shut = self.profile.hidden_fields(kind) | self.profile.read_only_fields(kind)
        if self.fields & shut:
            raise PermissionDenied(_("Your role does not allow this."))
        return record


class PartyForm(PartyView):
    """A form about a record that may be changed; an invalid one answers 422 with everything typed, one about a row
    that somebody else has saved meanwhile 409 with both versions."""

    title: Any = ""
    saved_text: Any = ""

    def form(self, record: Any, data: Any = None) -> forms.BaseForm:
        raise TypeError(f"{type(self).__name__} has no form")

    def save(self, record: Any, values: dict[str, Any]) -> None:
        raise TypeError(f"{type(self).__name__} does not say how it saves")

    def get(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        record = self.find(pk, Action.CHANGE)
        return self.answer(record, self.form(record))

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        record = self.find(pk, Action.CHANGE)
        form = self.form(record, request.POST)
        if not form.is_valid():
            return self.answer(record, form, 422)
        values = dict(form.cleaned_data)
        expected = values.pop("version", None)
        try:
            self.save_as_read(record, values, expected)
        except ValidationError as error:
            add_errors(form, error)
            return self.answer(record, form, 422)
        except StaleRecord as stale:
            return self.answer(record, form, 409, **stale_context(form, stale.record))
        return self.answer_saved(record)

    def save_as_read(self, record: Any, values: dict[str, Any], expected: int | None) -> None:
        """Save; `expected` is the state of the row that the form was opened with."""
        self.save(record, values)

    def answer(self, record: Any, form: forms.BaseForm, status: int = 200, **extra: Any) -> HttpResponse:
        context = {
            "form": form,
            "title": self.title,
            "submit_label": _("Save"),
            "draft_key": "-".join([type(self).__name__, record.record_type, *map(str, self.kwargs.values())]),
            "action": self.request.get_full_path(),
            "dialog": in_dialog(self.request),
            "back_url": self.type.url_of(record.pk),
            "type": self.type,
            **extra,
        }
        template = "ui/_form_dialog.html" if is_fragment(self.request) else "ui/form.html"
        return render(self.request, template, context, status=status)

    def answer_saved(self, record: Any) -> HttpResponse:
        url = self.type.url_of(record.pk)
        if not in_dialog(self.request):
            return done(self.request, url, self.saved_text, undo_url=undo_url(self.request))
        say(self.request, self.saved_text, undo_url=undo_url(self.request))
        saved = {"type": self.type.key, "id": record.pk, "label": str(record), "url": url}
        return trigger(HttpResponse(status=204), saved=saved)


class _Point(PartyForm):
    fields: ClassVar[frozenset[str]] = frozenset({"points"})
    title = gettext_lazy("Add a way to reach them")
    saved_text = gettext_lazy("Added")

    def form(self, record: Any, data: Any = None) -> forms.BaseForm:
        return PointForm(data, country=record.country)

    def save(self, record: Any, values: dict[str, Any]) -> None:
        party = {"company" if isinstance(record, Company) else "contact": record}
        primary = True if values.pop("is_primary") else None
        add_point(actor=self.request.user, is_primary=primary, **party, **values)


class ContactPointCreate(_Point):
    record_type = "contact"


class CompanyPointCreate(_Point):
    record_type = "company"


class ConsentCreate(PartyForm):
    """Adds a line to the ledger; nothing in it is ever changed."""

    record_type = "contact"
    title = gettext_lazy("Record consent to marketing by e-mail")
    saved_text = gettext_lazy("Consent recorded")

    def form(self, record: Any, data: Any = None) -> forms.BaseForm:
        return ConsentForm(data)

    def save(self, record: Any, values: dict[str, Any]) -> None:
        record_consent(actor=self.request.user, contact=record, **values)
