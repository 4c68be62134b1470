"""Forms of privacy officers."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.forms.reach import SmallForm
from contacts.models import PrivacyRequest
from core.ui.forms import RecordForm


class PrivacyRequestForm(RecordForm):
    """Taking a request down that came by phone, letter or mail."""

    class Meta:
        model = PrivacyRequest
        fields: ClassVar = ["kind", "contact", "address", "source", "details", "received_at", "owner"]


class HoldForm(SmallForm):
    """Why somebody's data must be kept."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Such as “lawsuit 4 O 12/26” or “tax audit”.")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: until somebody lifts it."),
    )  # fmt: skip


class AnswerForm(SmallForm):
    """The word with which a request is closed."""

    answer = forms.CharField(
        label=_("Answer"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A refusal needs its reason."),
    )  # fmt: skip
