"""The composer's form, and the form of what was logged."""

from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import ActivityKind, CallOutcome
from contacts.models import Activity
from core.ui.forms import RecordForm


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


TALKS = (ActivityKind.CALL, ActivityKind.MEETING, ActivityKind.VISIT)
PLANNED = (ActivityKind.TASK, ActivityKind.MEETING, ActivityKind.VISIT)


class ActivityForm(RecordForm):
    """What was logged or planned, with the fields of its kind. The words of an e-mail stay as they were sent."""

    custom_fields = True

    class Meta:
        model = Activity
        fields: ClassVar = [
            "subject",
            "body",
            "outcome",
            "direction",
            "duration_minutes",
            "due_at",
            "occurred_at",
            "owner",
        ]
        widgets: ClassVar = {"body": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, is_open = self.instance.kind, self.instance.done_at is None
        shown = {
            "outcome": kind == ActivityKind.CALL,
            "direction": kind == ActivityKind.CALL,
            "duration_minutes": kind in TALKS,
            "due_at": kind in PLANNED and is_open and self.instance.due_at is not None,
            "occurred_at": kind != ActivityKind.EMAIL and self.instance.due_at is None,
        }
        for name, is_shown in shown.items():
            if not is_shown:
                self.fields.pop(name, None)
        if "due_at" in self.fields:
            self.fields["due_at"].required = True
        if kind == ActivityKind.EMAIL:
            for name in ("subject", "body"):
                if name in self.fields:
                    self.fields[name].disabled = True
