"""The organisation, its rates, custom fields and tags."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from core.forms.accounts import zone_choices
from core.models import CustomField, ExchangeRate, Organisation, Tag
from core.money import is_base_currency_used
from core.services.custom_fields import create_custom_field, update_custom_field


class OrganisationForm(forms.ModelForm):
    """Countries and time zones by their names."""

    default_country = forms.ChoiceField(
        label=_("Country"),
        choices=lambda: list(countries),
        help_text=_(
            "Telephone numbers without a country code, and addresses without a country, are read as of here."
        ),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: zone_choices()[1:],
        help_text=_("Of everybody who has chosen none."),
    )


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """The one organisation."""

    form = OrganisationForm
    fields = ("name", "postal_address", "base_currency", "default_country", "time_zone")

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> tuple[str, ...]:
        return ("base_currency",) if is_base_currency_used() else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Organisation.objects.exists() and super().has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False


@admin.register(ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin):
    list_display = ("currency", "date", "rate")
    list_filter = ("currency",)
    date_hierarchy = "date"


@admin.register(CustomField)
class CustomFieldAdmin(admin.ModelAdmin):
    """Definitions with their conditions in full; written by the services that the settings page uses."""

    list_display = ("label", "record_type", "key", "kind", "section", "index_state", "archived_at")
    list_filter = ("record_type", "kind")
    search_fields = ("label", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: CustomField | None = None) -> tuple[str, ...]:
        fixed = ("index_state", "archived_at")
        return (*fixed, "record_type", "key", "kind") if obj is not None else fixed

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=CustomFieldAdminForm, **kwargs)

    def save_model(self, request: HttpRequest, obj: CustomField, form: Any, change: bool) -> None:
        """Nothing: the form has written it, or has said why not."""

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> CustomField:
        return form.written  # type: ignore[no-any-return]

    def has_delete_permission(self, request: HttpRequest, obj: CustomField | None = None) -> bool:
        return False  # archive it: the records keep the values


class CustomFieldAdminForm(forms.ModelForm):
    """Writes by the service while it is cleaned, so that what the service refuses is said beside the field."""

    written: CustomField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            with transaction.atomic():
                self.written = self._write(data)
        except ValidationError as error:
            errors = (
                error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            )
            for name, texts in errors.items():
                self.add_error(name if name in self.fields else None, texts)
        return data

    def _write(self, data: dict[str, Any]) -> CustomField:
        if self.instance.pk:
            field = CustomField.objects.get(pk=self.instance.pk)
            changes = {name: data[name] for name in self.changed_data}
            return update_custom_field(actor=None, field=field, changes=changes)
        return create_custom_field(actor=None, **data)

    def save(self, commit: bool = True) -> CustomField:
        return self.written


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ("name", "colour")
    search_fields = ("name",)
