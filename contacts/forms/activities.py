"""The composer's form, and the form of what was logged."""

from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import ActivityKind, CallOutcome
from contacts.models import Activity
from core.custom_fields.cache import visible_definitions
from core.custom_fields.definition import Definition
from core.custom_fields.forms import add_custom_fields
from core.custom_fields.names import is_custom
from core.scope.access import profile_for
from core.ui.forms import RecordForm, quiet_blanks, scope_choices, use_native_pickers

NOW_OR_EARLIER = (ActivityKind.CALL, ActivityKind.NOTE)
"""What is written down when it has happened. A meeting's moment says itself whether it is still to come."""


class ComposerForm(forms.Form):
    """A call, note, e-mail, task or meeting, with an optional follow-up, and the custom fields of activities."""

    kind = forms.ChoiceField(choices=ActivityKind.choices)
    outcome = forms.ChoiceField(choices=[("", ""), *CallOutcome.choices], required=False)
    subject = forms.CharField(label=_("Subject"), max_length=250, required=False)
    body = forms.CharField(label=_("Notes"), max_length=20_000, required=False)
    due_at = forms.DateTimeField(label=_("When"), required=False)
    earlier = forms.BooleanField(required=False)
    occurred_at = forms.DateTimeField(label=_("When it was"), required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440, required=False)
    follow_up = forms.BooleanField(required=False)
    follow_up_on = forms.DateField(label=_("Follow up on"), required=False)
    incoming = forms.BooleanField(required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        # names of its own: a dialog on the same page may ask for the same fields
        kwargs.setdefault("auto_id", "id_composer_%s")
        super().__init__(*args, **kwargs)
        self.user = user
        add_custom_fields(self, "activity", user, carrier="kind")
        for name in profile_for(user).read_only_fields("activity"):
            if is_custom(name):
                self.fields.pop(name, None)
        scope_choices(self, user)
        use_native_pickers(self)
        quiet_blanks(self)

    @property
    def field_rules(self) -> str:
        """Which custom fields are shown and demanded when, for the script."""
        return str(self.fields["kind"].widget.attrs.get("data-field-rules", ""))

    @cached_property
    def asked(self) -> list[forms.BoundField]:
        """The custom fields that have to be filled, always or under some condition."""
        return [
            self[name] for name, one in self._custom.items() if one.required or one.required_when is not None
        ]

    @cached_property
    def more(self) -> list[forms.BoundField]:
        """The custom fields that may be filled."""
        asked = {field.name for field in self.asked}
        return [self[name] for name in self._custom if name not in asked]

    @property
    def more_is_open(self) -> bool:
        """Whether something in `more` is filled or wrong: it comes back open."""
        return self.is_bound and any(field.errors or field.name in self.changed_data for field in self.more)

    @cached_property
    def _custom(self) -> dict[str, Definition]:
        found = visible_definitions("activity", profile_for(self.user)).values()
        return {one.name: one for one in found if one.name in self.fields}

    def values(self) -> dict[str, Any]:
        """What `log_activity` takes."""
        data = self.cleaned_data
        kind = data["kind"]
        values: dict[str, Any] = {"kind": kind, "subject": data["subject"], "body": data["body"]}
        if kind == ActivityKind.CALL:
            direction = "in" if data["incoming"] else "out"
            values |= {"outcome": data["outcome"] or CallOutcome.CONNECTED, "direction": direction}
        if kind in (ActivityKind.TASK, ActivityKind.MEETING) and data["due_at"]:
            values[self._moment_of(kind, data["due_at"])] = data["due_at"]
        if kind in NOW_OR_EARLIER and data["earlier"]:
            values["occurred_at"] = data["occurred_at"]
        if data["minutes"] is not None:
            values["duration_minutes"] = data["minutes"]
        if data["follow_up"]:
            values["follow_up_at"] = self._follow_up()
        if self._custom:
            values["custom"] = {one.key: data.get(name) for name, one in self._custom.items()}
        return values

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        day = data.get("follow_up_on")
        if data.get("follow_up") and day is not None and day < timezone.localdate():
            self.add_error("follow_up_on", _("This day is over. Choose a later one."))
        if data.get("kind") in NOW_OR_EARLIER and data.get("earlier"):
            if data.get("occurred_at") is None and "occurred_at" not in self.errors:
                self.add_error("occurred_at", _("Say when it was."))
        else:
            self.errors.pop("occurred_at", None)
        return data

    def _moment_of(self, kind: str, moment: datetime) -> str:
        """A meeting of yesterday has taken place; a task of yesterday is late."""
        return "occurred_at" if kind == ActivityKind.MEETING and moment <= timezone.now() else "due_at"

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
