"""Forms of records: the scope in every choice, hidden and read-only fields obeyed, a version carried along."""

from functools import cached_property
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Q, QuerySet
from django.db.models.fields import BLANK_CHOICE_DASH
from django.urls import reverse
from django.utils.translation import gettext as _

from core.custom_fields.forms import add_custom_fields, gathered
from core.custom_fields.names import is_custom, key_of
from core.registries import records
from core.scope.access import profile_for
from core.scope.fields import is_in_sight
from core.services.base import state_of


class RecordSelect(forms.Select):
    """A select that holds only the chosen record and asks the server for others while one types."""

    def __init__(self, record_type: str, user: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs)
        self.record_type, self.user = record_type, user

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        url = reverse("core:options", args=[self.record_type])
        return super().get_context(name, value, {**(attrs or {}), "data-autocomplete": url})

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        chosen = [item for item in value if str(item).isdigit()]
        queryset: QuerySet[Any] | None = getattr(self.choices, "queryset", None)
        found = queryset.filter(pk__in=chosen) if queryset is not None and chosen else []
        options = [("", "")] if not self.is_required else []
        options += [(str(record.pk), self._label(record)) for record in found]
        wanted = {str(item) for item in value} or {""}
        return [
            (None, [self.create_option(name, key, label, key in wanted, at, attrs=attrs)], at)
            for at, (key, label) in enumerate(options)
        ]

    def _label(self, record: Any) -> str:
        """The record's name; one that the record edited holds already stays, and is not told of."""
        if is_in_sight(record, profile_for(self.user)):
            return str(record)
        return _("(one that you may not see)")


class RecordSelectMultiple(RecordSelect, forms.SelectMultiple):
    """The same for several records."""

    allow_multiple_selected = True

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        return [group for group in super().optgroups(name, value, attrs) if group[1][0]["value"] != ""]


def _current(form: forms.BaseForm, name: str) -> Any:
    instance = getattr(form, "instance", None)
    if is_custom(name):
        return instance.custom.get(key_of(name)) if instance is not None and instance.pk else None
    return getattr(instance, f"{name}_id", None) if instance is not None and instance.pk else None


def _in_scope(rows: QuerySet[Any], user: Any, current: Any) -> QuerySet[Any]:
    """The rows that `user` may see, and the one the record holds already: it may stay."""
    visible = rows.model._default_manager.visible_to(user)
    if not visible.query.where and not visible.query.is_empty():
        return rows
    allowed = Q(pk__in=visible.values("pk"))
    return rows.filter(allowed | Q(pk=current) if current is not None else allowed)


def scope_choices(form: forms.BaseForm, user: Any) -> None:
    """Let every choice of records offer and accept only what `user` may see."""
    for name, field in form.fields.items():
        if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
            continue
        model = field.queryset.model
        if not hasattr(model, "scope"):
            continue
        field.queryset = _in_scope(field.queryset, user, _current(form, name))
        key = getattr(model, "record_type", "")
        many = isinstance(field, forms.ModelMultipleChoiceField)
        if records.known(key) and records.get(key).search and isinstance(field.widget, forms.Select):
            widget = RecordSelectMultiple(key, user) if many else RecordSelect(key, user)
            widget.is_required = field.required
            field.widget = widget
            field.widget.choices = field.choices


def use_native_pickers(form: forms.BaseForm) -> None:
    """Give dates and times the browser's own pickers."""
    for field in form.fields.values():
        if isinstance(field, forms.DateTimeField):
            field.widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        elif isinstance(field, forms.DateField):
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StateForm(forms.Form):
    """A form about a row that is there: it carries which state of it was edited. Ask for `expected_version`
    after `is_valid`; `values` are the fields without it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def expected_version(self) -> int | None:
        value = self.cleaned_data.get("version")
        return int(value) if value not in (None, "") else None

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def quiet_blanks(form: forms.BaseForm) -> None:
    """Say nothing chosen with one dash, not with Django's row of nine."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            if field.empty_label == BLANK_CHOICE_DASH[0][1]:
                field.empty_label = "—"
        elif isinstance(field, forms.ChoiceField) and not callable(field.choices):
            field.choices = [
                (value, "—") if (value, label) == BLANK_CHOICE_DASH[0] else (value, label)
                for value, label in field.choices
            ]


class RecordForm(forms.ModelForm):
    """A ModelForm for records. Fields that the person's role hides are not there, read-only ones are shown
    but not taken. `version` tells which state of the record was edited; `changes` is what the service gets."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    wide: ClassVar[bool] = False
    custom_fields: ClassVar[bool] = False
    """Whether the type's custom fields are asked for too: in the forms that show the whole record."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        profile, record_type = profile_for(user), getattr(self._meta.model, "record_type", "")
        if self.custom_fields:
            add_custom_fields(self, record_type, user)
        for name in profile.hidden_fields(record_type):
            self.fields.pop(name, None)
        for name in profile.read_only_fields(record_type):
            if name in self.fields:
                self.fields[name].disabled = True
        if hasattr(self.instance, "version") or hasattr(self.instance, "updated_at"):
            self.fields["version"].initial = state_of(self.instance) or ""
        else:
            self.fields.pop("version")
        scope_choices(self, user)
        use_native_pickers(self)
        quiet_blanks(self)

    @cached_property
    def helper(self) -> FormHelper:
        """How crispy lays the form out: made when it is first drawn, from the fields that are left then."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        helper.use_custom_control = True
        return helper

    @property
    def expected_version(self) -> int | None:
        value = self.cleaned_data.get("version")
        return int(value) if value not in (None, "") else None

    @property
    def values(self) -> dict[str, Any]:
        """Every field with its cleaned value, the version left out; custom ones by key under `custom`."""
        return gathered({name: value for name, value in self.cleaned_data.items() if self._is_given(name)})

    @property
    def changes(self) -> dict[str, Any]:
        """The fields that the person really changed."""
        names = [name for name in self.changed_data if name in self.cleaned_data and self._is_given(name)]
        return gathered({name: self.cleaned_data[name] for name in names})

    def _is_given(self, name: str) -> bool:
        if is_custom(name) and self.fields[name].disabled:
            return False
        return name != "version"

    def keep_only(self, *names: str) -> None:
        """Reduce the form to some of its fields (and the version)."""
        for name in list(self.fields):
            if name not in names and name != "version":
                del self.fields[name]
