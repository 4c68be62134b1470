"""Editing one field where it stands: in a list's cell or on the record's page."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.custom_fields.pages import field_named
from core.enums import Action
from core.registries import columns, editing
from core.scope.access import profile_for
from core.services.base import StaleRecord
from core.ui.access import RecordTypeView, is_fragment, safe_next
from core.ui.cells import cell
from core.ui.form_pages import Conflict, add_errors, carry_version, conflicts_of
from core.ui.forms import RecordForm
from core.ui.pages import record_page_for
from core.ui.records import Field, field_row, may_edit
from core.ui.toasts import done, trigger
from core.ui.undo import undo_url


class FieldEditView(RecordTypeView):
    """GET gives the field's form; POST saves it (200), refuses it (422) or shows both versions (409)."""

    required_action = Action.CHANGE

    def form(self, record: Any, name: str, data: Any = None) -> RecordForm:
        editor = editing.get(self.type.key)
        if editor is None or not may_edit(self.type.key, name, profile_for(self.request.user)):
            raise PermissionDenied(_("This field can't be edited here."))
        form: RecordForm = editor.form()(data, instance=record, user=self.request.user)
        if name not in form.fields:
            raise Http404
        form.keep_only(name)
        return form

    def get(self, request: HttpRequest, record_type: str, pk: int, name: str) -> HttpResponse:
        record = self.find(pk, Action.CHANGE)
        if request.GET.get("show") == "1":
            return self.answer_shown(record, name)
        return self.answer_form(self.form(record, name), record, name)

    def post(self, request: HttpRequest, record_type: str, pk: int, name: str) -> HttpResponse:
        record = self.find(pk, Action.CHANGE)
        form = self.form(record, name, request.POST)
        if not form.is_valid():
            return self.answer_form(form, record, name, status=422)
        editor = editing.get(self.type.key)
        assert editor is not None  # `form` has refused a type without one
        try:
            editor.update(
                actor=request.user,
                record=self.find(pk, Action.CHANGE),
                values=form.changes,
                expected_version=form.expected_version,
            )
        except ValidationError as error:
            add_errors(form, error)
            return self.answer_form(form, record, name, status=422)
        except StaleRecord as stale:
            conflicts = conflicts_of(form, stale.record)
            if conflicts:
                return self.answer_stale(form, stale.record, name, conflicts)
            raise
        if not is_fragment(request):
            return done(request, safe_next(request, self.type.url_of(pk) or "/"), undo_url=undo_url(request))
        response = self.answer_shown(self.find(pk), name)
        saved = {"text": _("Saved"), "tone": "success", "undo_url": undo_url(request)}
        return trigger(response, toast=saved)

    def answer_stale(
        self, form: RecordForm, current: Any, name: str, conflicts: list[Conflict]
    ) -> HttpResponse:
        carry_version(form, current.version)
        return self.answer_form(form, current, name, status=409, conflicts=conflicts)

    def answer_form(
        self, form: RecordForm, record: Any, name: str, status: int = 200, **extra: Any
    ) -> HttpResponse:
        field = form[name]
        _dress(field)
        context = {
            "form": form,
            "field": field,
            "record": record,
            "action": self.request.get_full_path(),
            "title": field.label,
            "history_url": f"{reverse('core:history', args=[self.type.key, record.pk])}?field={name}",
            **extra,
        }
        template = "ui/_field_form.html" if is_fragment(self.request) else "ui/field_form.html"
        return render(self.request, template, context, status=status)

    def answer_shown(self, record: Any, name: str) -> HttpResponse:
        """The field as it is shown: as the list's cell or as the record page's line."""
        key = self.request.GET.get("cell", "")
        column = next(
            (c for c in columns.columns_for(self.type.key) if c.key == key and c.field == name), None
        )
        if column is not None:
            rows = self.type.model._base_manager.filter(pk=record.pk)
            row = column.selected(rows, self.request.user).first()
            return HttpResponse(cell(column.value(row)))
        profile = profile_for(self.request.user)
        shown = self.shown_field(name)
        row = field_row(shown, record, self.type.key, profile, may_change=True)
        return render(self.request, "ui/_field_value.html", {"row": row})

    def shown_field(self, name: str) -> Field:
        """How the type's record page shows the field, where it has a display of its own."""
        if custom := field_named(self.type.key, name, self.request.user):
            return custom
        page = record_page_for(self.type.key)
        for group in page.groups if page else ():
            for field in group.fields:
                if isinstance(field, Field) and field.name == name:
                    return field
        return Field(name)


def _dress(field: forms.BoundField) -> None:
    """Give a bare widget the look of the other inputs, and tell screen readers what is wrong with it."""
    widget = field.field.widget
    css = "form-control"
    if isinstance(widget, forms.CheckboxInput):
        css = "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    widget.attrs.update(
        {"class": f"{css} is-invalid" if field.errors else css, "aria-label": str(field.label)}
    )
    if field.errors:
        widget.attrs["aria-invalid"] = "true"
    if isinstance(widget, forms.Textarea):
        widget.attrs["rows"] = 3
