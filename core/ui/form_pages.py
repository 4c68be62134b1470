"""Pages that create and edit a record, as a whole page or in a dialog.

An invalid form answers 422, a stale one 409, one that may be a duplicate 409 the first time: all with everything
the person typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.choices import flatten_choices
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.custom_fields.forms import conflict_words
from core.custom_fields.names import is_custom
from core.enums import Action
from core.scope.fields import conceal
from core.services.base import StaleRecord, state_of
from core.ui.access import RecordTypeView, in_dialog, is_fragment, safe_next
from core.ui.forms import RecordForm
from core.ui.sent_once import FIELD, Sending, new_token
from core.ui.toasts import done, say, trigger
from core.ui.undo import undo_url


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: what is saved now, and what this person typed."""

    label: str
    theirs: str
    yours: str


class Double(NamedTuple):
    """A record that may be the one in the form: `hint` tells it from others of its name, `reason` says why."""

    url: str
    label: str
    reason: str
    hint: str = ""


class FormPage(RecordTypeView):
    """The shared half of creating and editing. Subclass `CreatePage` or `EditPage`."""

    form_class: type[RecordForm]
    template_name = "ui/form.html"
    fragment_template_name = "ui/_form_dialog.html"
    title: Any = ""
    submit_label: Any = ""

    def get_form(self, data: Any = None, files: Any = None) -> RecordForm:
        """The form, bound to `data` where there is any."""
        return self.form_class(data, files, user=self.request.user, **self.form_kwargs())

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": self.get_initial()}

    def get_initial(self) -> dict[str, Any]:
        """First values, by default those in the URL (`?company=12`) that the form has a field for; none for what the
        role may not write, as the first value of a field that is shut is what would be saved."""
        shut = self.profile.read_only_fields(self.type.key)
        return {
            name: value
            for name, value in self.request.GET.items()
            if name in self.form_class.base_fields and name not in shut
        }

    def duplicates(self, form: RecordForm) -> list[Double]:
        """Records that may be the same: shown above the form before anything is saved. Who sends the form again
        means it; who changes it so that it looks like another record is asked about that one."""
        return []

    def save(self, form: RecordForm) -> Any:
        """Write by a service and return the record. ValidationError and StaleRecord are shown in the form."""
        raise TypeError(f"{type(self).__name__} does not say how it saves")

    def saved_text(self, record: Any) -> str:
        return _("“%(name)s” saved") % {"name": record}

    def success_url(self, record: Any) -> str:
        return safe_next(self.request, self.type.url_of(record.pk) or "/")

    def draft_key(self) -> str:
        return f"{self.type.key}-{self.kwargs.get('pk', 'new')}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(self.get_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.answer(form, status=422)
        found, seen = self.duplicates(form), request.POST.get("duplicates_seen", "").split()
        if any(double.url not in seen for double in found):
            return self.answer(form, status=409, duplicates=found)
        try:
            record = self.save(form)
        except ValidationError as error:
            add_errors(form, error)
            return self.answer(form, status=422)
        except StaleRecord as stale:
            return self.answer_stale(form, stale.record)
        return self.answer_saved(record)

    def answer(self, form: RecordForm, *, status: int = 200, **extra: Any) -> HttpResponse:
        fragment = is_fragment(self.request)
        if "duplicates" not in extra:
            extra["duplicates"] = self.duplicates(form) if form.is_bound else []
        context = {
            "form": form,
            "title": self.title,
            "submit_label": self.submit_label or _("Save"),
            "draft_key": self.draft_key(),
            "action": self.request.get_full_path(),
            "dialog": in_dialog(self.request),
            "back_url": safe_next(self.request, self.back_url(form)),
            "back_label": self.back_label(form),
            "type": self.type,
            "once": self.once_token(),
            **self.extra_context(form),
            **extra,
        }
        template = self.fragment_template_name if fragment else self.template_name
        return render(self.request, template, context, status=status)

    def back_url(self, form: RecordForm) -> str:
        """Where somebody who saves nothing goes: the record, or the list of those like it."""
        saved = getattr(form, "instance", None)
        if saved is not None and saved.pk and self.type.model is saved.__class__:
            return self.type.url_of(saved.pk) or ""
        return reverse(self.type.list_url) if self.type.list_url else ""

    def back_label(self, form: RecordForm) -> str:
        """The name of what `back_url` opens; nothing where the address asks for another page."""
        saved = getattr(form, "instance", None)
        if "next" in self.request.GET:
            return ""
        return str(saved) if saved is not None and saved.pk else str(self.type.plural)

    def extra_context(self, form: RecordForm) -> dict[str, Any]:
        return {}

    def once_token(self) -> str:
        """What the form is known by when it is sent again; nothing where sending it twice does no harm."""
        return ""

    def answer_stale(self, form: RecordForm, current: Any) -> HttpResponse:
        """Both versions side by side; the form keeps what was typed and carries the new version, so that
        saving again is a decision."""
        conflicts = conflicts_of(form, conceal(current, self.request.user))
        carry_version(form, state_of(current))
        return self.answer(form, status=409, conflicts=conflicts, current=current)

    def answer_saved(self, record: Any) -> HttpResponse:
        return self.answer_done(record, self.saved_text(record))

    def answer_done(self, record: Any, text: str) -> HttpResponse:
        url = self.success_url(record)
        if not in_dialog(self.request):
            return done(self.request, url, text, undo_url=self.undo_url())
        saved = {"type": self.type.key, "id": record.pk, "label": str(record), "url": url}
        response = HttpResponse(status=204)
        if self.request.headers.get("X-Then") == "stay":
            return trigger(response, saved=saved, toast={"text": text, "tone": "success"})
        say(self.request, text, undo_url=self.undo_url())
        return trigger(response, saved=saved)

    def undo_url(self) -> str:
        """Where the toast's undo leads; nowhere by default."""
        return ""


class CreatePage(FormPage):
    """A page that creates a record. The same form sent twice creates one (`core.ui.sent_once`)."""

    required_action = Action.ADD
    made: int | None = None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sending = Sending(request)
        if not sending.claim() and not self.is_gone(sending.made):
            return self.answer_again(sending.made)
        try:
            return super().post(request, *args, **kwargs)
        finally:
            sending.settle(self.made)

    def answer_saved(self, record: Any) -> HttpResponse:
        self.made = record.pk
        return super().answer_saved(record)

    def is_gone(self, pk: int | None) -> bool:
        """Whether what was made has been deleted since: who sends the form again wants it anew."""
        return pk is not None and not self.type.model._default_manager.filter(pk=pk).exists()

    def answer_again(self, pk: int | None) -> HttpResponse:
        """The form has been sent before: to the record that it made."""
        record = self.type.visible_to(self.request.user).filter(pk=pk).first() if pk is not None else None
        if record is None:
            text = _("This has been sent before. Look here for what became of it.")
            return done(self.request, reverse(self.type.list_url) if self.type.list_url else "/", text)
        return self.answer_done(record, _("“%(name)s” has been saved once, not twice") % {"name": record})

    def once_token(self) -> str:
        return self.request.POST.get(FIELD) or new_token()

    def draft_key(self) -> str:
        """One for each record that it is created from: what was typed for one customer is no draft for the next."""
        asked = self.request.GET
        given = [
            f"{name}-{asked[name][:40]}" for name in sorted(asked) if name in self.form_class.base_fields
        ]
        return "-".join([super().draft_key(), *given])


class EditPage(FormPage):
    """A page that edits the record `pk`. `save` gets a record that is fresh from the database in
    `self.fresh()`: the form's own instance already carries what was typed."""

    required_action = Action.CHANGE

    def draft_key(self) -> str:
        """One for each page about a record: what was typed about winning it is no draft about losing it."""
        return f"{super().draft_key()}-{self.__class__.__name__.lower()}"

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.find(self.kwargs["pk"], Action.CHANGE)}

    def fresh(self) -> Any:
        return self.find(self.kwargs["pk"], Action.CHANGE)

    def undo_url(self) -> str:
        return undo_url(self.request)


def stale_context(
    form: forms.BaseForm, current: Any, shown: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """For a form about a row of a record, after StaleRecord: both versions for the template. The form keeps what
    was typed and carries the row's state of now. `shown` are the saved values by the form's fields, where these
    are not the row's own."""
    saved = current if shown is None else SimpleNamespace(**{**dict.fromkeys(form.fields, ""), **shown})
    conflicts = conflicts_of(form, saved)
    carry_version(form, state_of(current))
    return {"conflicts": conflicts, "current": current}


def carry_version(form: forms.BaseForm, version: int | None) -> None:
    """Let a bound form be sent again for the given version, everything else as typed."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data["version"] = str(version)
    form.data = data


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put a service's errors beside the fields they name, the others above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def conflicts_of(form: forms.BaseForm, current: Any) -> list[Conflict]:
    """The fields in which the form and the saved record differ, in words."""
    found = []
    for name in form.changed_data:
        if is_custom(name) and name in form.fields:
            yours_now = form.cleaned_data.get(name)
            theirs, yours = conflict_words(current, name, yours_now, getattr(form, "user", None))
        elif name == "version" or not hasattr(current, name):
            continue
        else:
            now, typed = getattr(current, name), form.cleaned_data.get(name)
            if now == typed:  # such as 5.00 and 5, or a moment on another clock
                continue
            theirs, yours = _words(form.fields[name], now), _words(form.fields[name], typed)
        if theirs != yours:
            found.append(Conflict(str(form.fields[name].label or name), theirs, yours))
    return found


def _words(field: forms.Field, value: Any) -> str:
    """A value as the form's reader knows it: the label of a choice, a day, a moment on their clock."""
    if value is None or value == "":
        return "—"
    if hasattr(value, "all"):
        return ", ".join(sorted(str(item) for item in value.all()))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value) if timezone.is_aware(value) else value, "j M Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j M Y")
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        pairs: Any = flatten_choices(field.choices)  # type: ignore[arg-type]
        labels = {str(key): str(label) for key, label in pairs}
        return labels.get(str(value), str(value))
    return str(value)
