"""Roles as a table: every record type a line, every action a column; what can't be meant is refused."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.custom_fields.cache import definitions_for
from core.custom_fields.names import is_custom
from core.enums import AccessLevel
from core.models import Role, RoleGrant
from core.registries import grants, hiding, records

EVERYTHING = "*"
SHORT = [(one.value, _("Team") if one == AccessLevel.TEAM else one.label) for one in AccessLevel]
"""The levels in a narrow box; the page says what they mean."""


def model_of(record_type: str) -> type[Model] | None:
    """The model whose fields a role may hide; None for what is no table (the dashboard)."""
    if records.known(record_type):
        return records.get(record_type).model
    return next((one for one in apps.get_models() if getattr(one, "record_type", "") == record_type), None)


def name_of(record_type: str) -> str:
    """The type in words."""
    said = grants.label(record_type)
    if not said and records.known(record_type):
        said = records.get(record_type).plural
    model = model_of(record_type)
    if not said and model is not None:
        said = model._meta.verbose_name_plural or ""
    return capfirst(str(said or record_type))


def fields_of(record_type: str, *, offered: bool = False) -> frozenset[str]:
    """The names that a role may hide or protect; `offered` leaves out what no form shows."""
    model = model_of(record_type)
    if model is None:
        return frozenset()
    fields = [*model._meta.fields, *model._meta.many_to_many]
    own = {field.name for field in fields if field.editable or not offered} - {"id", "version"}
    custom = {one.name for one in definitions_for(record_type).values()}
    return frozenset(own | custom) | hiding.names(record_type)


class FieldNames(forms.CharField):
    """Names of fields, separated by commas or spaces; the array of the model."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput(attrs={"class": "field-names"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [name for name in str(value or "").replace(",", " ").split() if name]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(initial or []) != sorted(self.to_python(data))


class GrantForm(forms.ModelForm):
    """One line of the table. Its record type is given."""

    hidden_fields = FieldNames(label=_("Hidden fields"))  # type: ignore[assignment]  # a field, not the method
    read_only_fields = FieldNames(label=_("Read-only fields"))

    class Meta:
        model = RoleGrant
        fields = (
            "record_type", "view", "add", "change", "remove", "export", "hidden_fields", "read_only_fields",
        )  # fmt: skip
        widgets = {"record_type": forms.HiddenInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for action in ("view", "add", "change", "remove", "export"):
            cast(forms.ChoiceField, self.fields[action]).choices = SHORT

    def name(self) -> str:
        return name_of(self["record_type"].value() or "")

    def clean_record_type(self) -> str:
        record_type: str = self.cleaned_data["record_type"]
        if record_type not in grants.record_types():
            raise ValidationError(_("There is no such record type."))
        return record_type

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for column in ("hidden_fields", "read_only_fields"):
            self._check(column, data.get("record_type", ""), data.get(column, []))
        return data

    def _check(self, column: str, record_type: str, names: Iterable[str]) -> None:
        # a custom field that is archived stays hidden should it come back
        unknown = sorted(set(names) - fields_of(record_type) - {one for one in names if is_custom(one)})
        if unknown:
            known = ", ".join(sorted(fields_of(record_type, offered=True))) or "–"
            text = _("Unknown: %(names)s. There are: %(known)s.")
            self.add_error(column, text % {"names": ", ".join(unknown), "known": known})


class GrantInline(admin.TabularInline):
    """How far the role reaches: a line for each record type there is, the ones it lacks included."""

    model = RoleGrant
    form = GrantForm
    template = "admin/core/role/grants.html"
    can_delete = False
    max_num = 0
    ordering = ("id",)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(missing_types(obj))

    def get_max_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(grants.record_types())


def missing_types(role: Role | None) -> list[str]:
    """The record types that the role says nothing about."""
    said = set(role.grants.values_list("record_type", flat=True)) if role is not None else set()
    return [one for one in grants.record_types() if one not in said]


class RoleForm(forms.ModelForm):
    """A role, with what no record type can say as boxes to tick."""

    capabilities = forms.MultipleChoiceField(
        label=_("May also"),
        required=False,
        choices=lambda: [
            *grants.capabilities().items(),
            (EVERYTHING, _("All of this, and what comes later")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    """Roles are rows: edit what each may do, or save one as a new one and change that."""

    form = RoleForm
    list_display = ("name", "description", "people")
    fields = ("name", "key", "description", "capabilities")
    prepopulated_fields = {"key": ("name",)}
    inlines = (GrantInline,)
    save_as = True
    ordering = ("id",)

    @admin.display(description=_("people"))
    def people(self, obj: Role) -> int:
        return obj.users.filter(is_active=True).count()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def get_readonly_fields(self, request: HttpRequest, obj: Role | None = None) -> tuple[str, ...]:
        return ("key",) if obj is not None and obj.key in grants.DEFAULT_ROLES else ()

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        role = obj if obj is not None and obj.pk else None
        kwargs["initial"] = [{"record_type": one} for one in missing_types(role)]
        return kwargs

    def has_delete_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        """The roles that the program comes with stay, and so does one that people have."""
        fixed = obj is not None and (obj.key in grants.DEFAULT_ROLES or obj.users.exists())
        return bool(super().has_delete_permission(request, obj)) and not fixed

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = super().get_actions(request)
        found.pop("delete_selected", None)  # it would not ask whether people have the role
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        return super().get_queryset(request).prefetch_related("grants")
