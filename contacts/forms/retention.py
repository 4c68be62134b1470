"""The form of a retention policy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.forms.reach import SmallForm
from core.enums import RetentionAction
from core.registries import records, retention


class PolicyForm(SmallForm):
    """Which records, after how long, and what then."""

    name = forms.CharField(label=_("Name"), max_length=120)
    applies_to = forms.ChoiceField(label=_("Records"))
    query = forms.CharField(
        label=_("Which of them"),
        required=False,
        max_length=2000,
        help_text=_("Filter the list of these records and paste its address here. Empty: all of them."),
    )
    moment = forms.ChoiceField(label=_("Counted from"))
    days = forms.IntegerField(label=_("After how many days"), min_value=1, max_value=36_500)
    action = forms.ChoiceField(label=_("What happens"), choices=RetentionAction.choices)
    is_active = forms.BooleanField(label=_("Every night"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = retention.all_targets()
        kinds, moments = self.fields["applies_to"], self.fields["moment"]
        assert isinstance(kinds, forms.ChoiceField)
        assert isinstance(moments, forms.ChoiceField)
        kinds.choices = [(one.record_type, records.get(one.record_type).plural) for one in targets]
        moments.choices = list(
            {key: (key, label) for one in targets for key, label in one.moments.items()}.values()
        )
