"""Forms of one's own account and of the first administrator."""

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from core.models import User
from core.services.notifications import NO_REPORT


def zone_choices() -> list[tuple[str, Any]]:
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [
        ("", _("The organisation's")),
        ("UTC", "UTC"),
        *((name, name.replace("_", " ")) for name in names),
    ]


class ProfileForm(forms.ModelForm):
    """What a person sets for themselves."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("The browser's")), *settings.LANGUAGES]
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=zone_choices)

    reports = forms.BooleanField(
        label=_("Tell me once a week which of my records are to be mended"), required=False
    )

    class Meta:
        model = User
        fields: ClassVar = ["name", "language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["reports"] = not self.instance.preferences.get(NO_REPORT)

    def changes(self) -> dict[str, Any]:
        """What `update_profile` takes."""
        data = dict(self.cleaned_data)
        silent = not data.pop("reports")
        return {**data, "preferences": {NO_REPORT: silent or None}}


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    access = forms.ChoiceField(
        label=_("What it may do"),
        choices=[("*:read", _("Read what I can see")), ("*:write", _("Read and write as I can"))],
    )


class FirstAdminForm(forms.Form):
    """The first administrator of an empty installation."""

    name = forms.CharField(label=_("Your name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password"):
            user = User(email=data.get("email", ""), name=data.get("name", ""))
            try:
                validate_password(data["password"], user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data
