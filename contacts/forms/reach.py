"""Small forms beside a person or company: a way to reach them, what they agreed to."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.enums import ConsentState, LegalBasis, PointKind
from contacts.normalise import normalise_point
from contacts.services.points import default_country
from core.ui.forms import StateForm


class SmallForm(forms.Form):
    """A form of a few fields for a dialog."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class PointForm(StateForm, SmallForm):
    """An address, a number, a handle."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PointKind.choices)
    value = forms.CharField(label=_("Address or number"), max_length=320)
    label = forms.CharField(label=_("Label"), max_length=40, required=False, help_text=_("Such as “work”."))
    is_primary = forms.BooleanField(label=_("Use this one first"), required=False)

    def __init__(self, *args: Any, country: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("kind") and values.get("value"):
            try:
                normalise_point(values["kind"], values["value"], self.country or default_country())
            except forms.ValidationError as error:
                self.add_error("value", error)
        return values


class ConsentForm(SmallForm):
    """A line of the consent ledger."""

    state = forms.ChoiceField(label=_("What was said"), choices=ConsentState.choices)
    source = forms.CharField(
        label=_("How we know"),
        max_length=120,
        help_text=_("Such as “phone call on 4 March” or “trade fair form”."),
    )
    basis = forms.ChoiceField(label=_("Legal basis"), choices=LegalBasis.choices)
    wording = forms.CharField(
        label=_("In which words"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
