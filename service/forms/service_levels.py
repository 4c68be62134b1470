"""A service level as people write one: minutes by priority, opening hours by weekday and holidays, each in a box of
its own; the model keeps them as tables."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from core.forms.accounts import zone_choices
from service.enums import TicketPriority
from service.models.queues import read_hours

SPAN = re.compile(r"(\d{1,2})(?::(\d\d))?\s*[-–—]\s*(\d{1,2})(?::(\d\d))?")
GOALS = {"first": "first_response_minutes", "solved": "resolution_minutes"}


class HoursField(forms.CharField):
    """The opening hours of a day: `09:00–12:00, 13:00–17:00`, and nothing where it is closed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(f"{opens}–{closes}" for opens, closes in value)
        return value

    def to_python(self, value: Any) -> Any:
        parts = [part.strip() for part in str(value or "").split(",") if part.strip()]
        spans = []
        for part in parts:
            match = SPAN.fullmatch(part)
            if match is None:
                raise ValidationError(_("Write hours such as 09:00–12:00, 13:00–17:00, or nothing."))
            a, b, c, d = (int(number or 0) for number in match.groups())
            spans.append([f"{a:02}:{b:02}", f"{c:02}:{d:02}"])
        try:
            read_hours({"0": spans}, "UTC", [])
        except (ValueError, TypeError):
            raise ValidationError(
                _("Each span ends after it begins, by 24:00, and after the one before it.")
            ) from None
        return spans

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial or []) != (data or ""))


class DaysField(forms.CharField):
    """Dates, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 5}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        found = []
        for word in str(value or "").replace(",", " ").split():
            try:
                found.append(date.fromisoformat(word).isoformat())
            except ValueError:
                raise ValidationError(
                    _("“%(word)s” is no date such as 2026-12-25."), params={"word": word}
                ) from None
        return sorted(set(found))


def _boxes() -> dict[str, forms.Field]:
    boxes: dict[str, forms.Field] = {}
    for prefix in GOALS:
        for one in TicketPriority:
            boxes[f"{prefix}_{one.value}"] = forms.IntegerField(
                label=one.label, min_value=1, max_value=525_600
            )
    boxes |= {f"day_{day}": HoursField(label=WEEKDAYS[day]) for day in range(7)}
    return boxes


class _Boxes(forms.ModelForm):
    """Puts the boxes together to the tables of the model, and takes those apart."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=lambda: zone_choices()[1:])
    holidays = DaysField(label=_("Holidays"), help_text=_("One date a line, such as 2026-12-25."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for prefix, column in GOALS.items():
            for priority, minutes in getattr(self.instance, column).items():
                self.initial[f"{prefix}_{priority}"] = minutes
        for day in range(7):
            self.initial[f"day_{day}"] = self.instance.week.get(str(day), [])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            for prefix, column in GOALS.items():
                setattr(
                    self.instance, column, {one: data[f"{prefix}_{one}"] for one in TicketPriority.values}
                )
            days = {str(day): data[f"day_{day}"] for day in range(7)}
            self.instance.week = {day: spans for day, spans in days.items() if spans}
        return data


ServiceLevelForm: Any = type("ServiceLevelForm", (_Boxes,), _boxes())
"""A box for each priority's goals and each day's hours."""

BOXES: Any = (
    (None, {"fields": ("name", "time_zone")}),
    (
        _("Minutes to the first answer"),
        {
            "fields": tuple(f"first_{one}" for one in TicketPriority.values),
            "description": _("Minutes of opening hours: 480 are a day from nine to five."),
        },
    ),
    (_("Minutes to the solution"), {"fields": tuple(f"solved_{one}" for one in TicketPriority.values)}),
    (
        _("Opening hours"),
        {
            "fields": tuple(f"day_{day}" for day in range(7)),
            "description": _(
                "Such as 09:00–12:00, 13:00–17:00; nothing where it is closed. With no hours at all the clock"
                " never stops."
            ),
        },
    ),
    (_("Holidays"), {"fields": ("holidays",)}),
)
"""How the admin arranges them."""
