"""The composer's form."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import ActivityKind, CallOutcome


class ComposerForm(forms.Form):
    """A call, note, e-mail, task or meeting, with an optional follow-up."""

    kind = forms.ChoiceField(choices=ActivityKind.choices)
    outcome = forms.ChoiceField(choices=[("", ""), *CallOutcome.choices], required=False)
    subject = forms.CharField(label=_("Subject"), max_length=250, required=False)
    body = forms.CharField(label=_("Notes"), max_length=20_000, required=False)
    due_at = forms.DateTimeField(label=_("When"), required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440, required=False)
    follow_up = forms.BooleanField(required=False)
    follow_up_on = forms.DateField(label=_("Follow up on"), required=False)

    def values(self) -> dict[str, Any]:
        """What `log_activity` takes."""
        data = self.cleaned_data
        kind = data["kind"]
        values: dict[str, Any] = {"kind": kind, "subject": data["subject"], "body": data["body"]}
        if kind == ActivityKind.CALL:
            values |= {"outcome": data["outcome"] or CallOutcome.CONNECTED, "direction": "out"}
        if kind in (ActivityKind.TASK, ActivityKind.MEETING) and data["due_at"]:
            values["due_at"] = data["due_at"]
        if data["minutes"] is not None:
            values["duration_minutes"] = data["minutes"]
        if data["follow_up"]:
            values["follow_up_at"] = self._follow_up()
        return values

    def _follow_up(self) -> datetime:
        day = self.cleaned_data["follow_up_on"] or next_working_day()
        return datetime.combine(day, time(9), tzinfo=timezone.get_current_timezone())


def next_working_day() -> Any:
    """The working day that is two days from today, or the one after it."""
    day = timezone.localdate() + timedelta(days=2)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day
