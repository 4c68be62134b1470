"""Forms of the list of suppressed addresses, of wordings, holds and the privacy settings."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from contacts.enums import SuppressionCause, SuppressionScope
from contacts.forms.reach import SmallForm
from contacts.forms.requests import HoldForm
from contacts.models import Contact, PrivacySettings
from contacts.normalise import normalise_email
from contacts.selectors.wordings import WordsOf
from core.ui.forms import scope_choices

MAX_BYTES = 2_000_000
CAUSES = [(one.value, one.label) for one in SuppressionCause if one != SuppressionCause.ERASED]


class _Entry(SmallForm):
    reach = forms.ChoiceField(label=_("What is not sent"), choices=SuppressionScope.choices)
    cause = forms.ChoiceField(label=_("Cause"), choices=CAUSES, initial=SuppressionCause.MANUAL)
    source = forms.CharField(
        label=_("How it came"),
        max_length=120,
        required=False,
        help_text=_("Such as “phone” or “old newsletter”."),
    )


class SuppressionForm(_Entry):
    """One address that is left alone from now on."""

    address = forms.CharField(label=_("E-mail address"), max_length=320)
    note = forms.CharField(label=_("Reason"), max_length=200, required=False)
    field_order = ("address", "reach", "cause", "note", "source")

    def clean_address(self) -> str:
        return normalise_email(self.cleaned_data["address"])


class SuppressionListForm(_Entry):
    """A list of addresses: as a file, or pasted."""

    file = forms.FileField(label=_("File"), required=False, help_text=_("CSV or text, one address a line."))
    text = forms.CharField(
        label=_("Or paste the addresses"), required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    field_order = ("file", "text", "reach", "cause", "source")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        upload = values.get("file")
        if upload is not None and upload.size > MAX_BYTES:
            self.add_error("file", _("The file is too large: at most 2 MB."))
        elif upload is not None:
            values["list"] = upload.read().decode("utf-8-sig", errors="replace")
        elif values.get("text", "").strip():
            values["list"] = values["text"]
        elif "file" not in self.errors:
            self.add_error("file", _("Choose a file, or paste addresses."))
        return values


class LiftForm(SmallForm):
    """Why an address is written to again."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Such as “asked for it by phone on 3 May”."),
    )


class NewHoldForm(HoldForm):
    """A hold from the list: whose data, and why."""

    contact = forms.ModelChoiceField(Contact.objects.all(), label=_("Contact"))
    field_order = ("contact", "reason", "until")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope_choices(self, user)


class WordingForm(SmallForm):
    """A new version of the words for one key, in every language of the installation."""

    def __init__(self, *args: Any, words: WordsOf, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = {one.language: one.text for one in words.in_force}
        for code, name in settings.LANGUAGES:
            self.fields[f"text_{code}"] = forms.CharField(
                label=name,
                required=False,
                max_length=5000,
                initial=now.get(code, ""),
                widget=forms.Textarea(
                    attrs={"rows": 3, "lang": code, "dir": "rtl" if code == "ar" else "ltr"}
                ),
            )

    @property
    def texts(self) -> dict[str, str]:
        return {name.removeprefix("text_"): value for name, value in self.cleaned_data.items()}


class PrivacySettingsForm(forms.ModelForm):
    """The decisions about requests."""

    class Meta:
        model = PrivacySettings
        fields: ClassVar = ["erase_on_request"]
