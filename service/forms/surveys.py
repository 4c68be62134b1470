"""What a customer says in a survey."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from service.models.surveys import HIGHEST, LOWEST
from service.services.surveys import MAX_WORDS, score_words

SCORES = range(HIGHEST, LOWEST - 1, -1)


class SurveyForm(forms.Form):
    """A score, and words if they like."""

    score = forms.TypedChoiceField(
        label=_("How satisfied are you with our help?"),
        coerce=int,
        error_messages={"required": _("Choose from 1 to 5."), "invalid_choice": _("Choose from 1 to 5.")},
    )
    words = forms.CharField(
        label=_("What was good, what was not?"),
        required=False,
        max_length=MAX_WORDS,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        score = self.fields["score"]
        assert isinstance(score, forms.TypedChoiceField)
        score.choices = list(score_words().items())

    def choices(self) -> list[tuple[int, str, bool]]:
        """(score, words, whether it is chosen), the best first."""
        chosen = str(self["score"].value() or "")
        words = score_words()
        return [(score, words[score], chosen == str(score)) for score in SCORES]
