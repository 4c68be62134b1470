"""Forms of contacts and companies; e-mail, phone and tags are typed in the same form."""

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contacts.enums import PointKind
from contacts.forms.codes import country_field, keep_codes, language_field
from contacts.models import Company, Contact
from contacts.normalise import normalise_point
from contacts.services.points import default_country
from core.ui.forms import RecordForm


class TagsField(forms.CharField):
    """Words separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [word.strip() for word in (super().clean(value) or "").split(",") if word.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.clean(data)


class PartyForm(RecordForm):
    """What contacts and companies share."""

    custom_fields = True
    email = forms.CharField(label=_("E-mail"), max_length=320, required=False, widget=forms.EmailInput)
    phone = forms.CharField(
        label=_("Phone"), max_length=60, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    country = country_field(_("Country"))
    tags = TagsField(label=_("Tags"), required=False, help_text=_("Separate them by commas."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_codes(self)
        if self.instance.pk:
            points = {p.kind: p.value for p in self.instance.points.filter(is_primary=True)}
            self.initial["email"] = points.get(PointKind.EMAIL, "")
            self.initial["phone"] = points.get(PointKind.PHONE, "")
            self.initial["tags"] = sorted(tag.name for tag in self.instance.tags.all())
        elif "owner" in self.fields and "owner" not in self.initial:
            self.initial["owner"] = getattr(self.user, "pk", None)

    def clean_email(self) -> str:
        return self._point(PointKind.EMAIL, "email")

    def clean_phone(self) -> str:
        return self._point(PointKind.PHONE, "phone")

    def _point(self, kind: str, name: str) -> str:
        value = str(self.cleaned_data[name]).strip()
        if (
            value and name in self.changed_data
        ):  # what came in damaged keeps nobody from changing something else
            normalise_point(kind, value, self._country() if kind == PointKind.PHONE else "")
        return value

    def _country(self) -> str:
        return self.cleaned_data.get("country") or self.instance.country or default_country()


class ContactForm(PartyForm):
    """A person."""

    class Meta:
        model = Contact
        fields: ClassVar = [
            "first_name",
            "last_name",
            "email",
            "phone",
            "job_title",
            "lifecycle_stage",
            "owner",
            "country",
            "city",
            "language",
            "time_zone",
            "preferred_channel",
            "best_hour",
            "communication_style",
            "interests",
            "values_held",
            "personality",
            "birthday",
            "source",
            "salutation",
            "do_not_contact",
            "tags",
            "description",
        ]
        widgets: ClassVar = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "personality": forms.Textarea(attrs={"rows": 2}),
        }

    language = language_field(_("Language"))
    company = forms.ModelChoiceField(Company.objects.all(), label=_("Company"), required=False)
    field_order = ("first_name", "last_name", "email", "phone", "company")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["company"] = self.instance.company_id

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"]).strip()
        if zone and zone != self.instance.time_zone and zone not in available_timezones():
            raise ValidationError(_("Use a name such as Europe/Berlin."))
        return zone

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        named = data.get("first_name") or data.get("last_name")
        if {"first_name", "last_name"} <= set(self.fields) and not named and not data.get("email"):
            raise ValidationError({"last_name": _("Type a name or an e-mail address.")})
        return data


class CompanyForm(PartyForm):
    """A company."""

    class Meta:
        model = Company
        fields: ClassVar = [
            "name",
            "kind",
            "domain",
            "industry",
            "employees",
            "annual_revenue",
            "currency",
            "founded_year",
            "parent",
            "owner",
            "email",
            "phone",
            "country",
            "city",
            "source",
            "tags",
            "description",
        ]
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 3})}
