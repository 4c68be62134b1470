"""The form of the duplicate settings: likeness is typed as a percentage."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.matching.comparing import FLOOR


class MatchingForm(forms.Form):
    """`review`, `safe` and `merge_safe`; percentages outside, parts of one inside."""

    review = forms.DecimalField(
        label=gettext_lazy("Show pairs from"), min_value=FLOOR * 100, max_value=100, decimal_places=1,
        help_text=gettext_lazy("Per cent. Lower finds more and asks more often in vain."),
    )  # fmt: skip
    safe = forms.DecimalField(
        label=gettext_lazy("Safe to merge from"), min_value=FLOOR * 100, max_value=100, decimal_places=1,
        help_text=gettext_lazy("Per cent. A job may merge such pairs where nothing speaks against it."),
    )  # fmt: skip
    merge_safe = forms.BooleanField(
        label=gettext_lazy("Merge safe pairs every night"), required=False,
        help_text=gettext_lazy("Each merge can be undone."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, instance: Any) -> None:
        self.instance = instance
        initial = {
            "review": round(instance.review * 100, 1),
            "safe": round(instance.safe * 100, 1),
            "merge_safe": instance.merge_safe,
        }
        super().__init__(data, initial=initial)
        for name in ("review", "safe"):
            self.fields[name].widget.attrs.update({"class": "form-control", "inputmode": "decimal"})
        self.fields["merge_safe"].widget.attrs["class"] = "form-check-input"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("review", "safe"):
            if name in cleaned:
                cleaned[name] = float(cleaned[name]) / 100
        if cleaned.get("safe", 1.0) < cleaned.get("review", 0.0):
            raise ValidationError({"safe": _("This is at least “show pairs from”.")})
        return cleaned

    def likeness(self, name: str) -> float:
        """What is typed if it can be used, else what is saved."""
        if self.is_bound and name in getattr(self, "cleaned_data", {}):
            return float(self.cleaned_data[name])
        return float(getattr(self.instance, name))
