"""Words and lines of the timeline."""

from datetime import date, timedelta
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.enums import (
    ActivityKind,
    CallOutcome,
    ConsentState,
    Frequency,
    LifecycleStage,
    RequestKind,
    RequestState,
)
from core.ui.markup import icon
from core.ui.mentions import rich_text

register = template.Library()
GROUP_LABELS = {
    "call": gettext_lazy("Calls"),
    "mail": gettext_lazy("E-mails"),
    "note": gettext_lazy("Notes"),
    "deal": gettext_lazy("Deals"),
    "ticket": gettext_lazy("Tickets"),
    "change": gettext_lazy("Changes"),
}
DEEDS = {
    ActivityKind.CALL: gettext_lazy("called"),
    ActivityKind.NOTE: gettext_lazy("wrote a note"),
    ActivityKind.EMAIL: gettext_lazy("wrote an e-mail"),
    ActivityKind.TASK: gettext_lazy("completed a task"),
    ActivityKind.MEETING: gettext_lazy("met"),
    ActivityKind.VISIT: gettext_lazy("visited"),
}


@register.filter
def group_labels(groups: Any) -> list[tuple[str, str]]:
    """The tabs above a timeline."""
    return [(key, str(GROUP_LABELS[key])) for key in groups if key in GROUP_LABELS]


@register.filter
def day_words(day: date) -> str:
    today = timezone.localdate()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return formats.date_format(day, "l j F" if day.year == today.year else "l j F Y")


@register.simple_tag(takes_context=True)
def timeline_line(context: Any, line: Any) -> SafeString:
    """One entry, by the template of its kind (looked up once a kind, not once a line)."""
    drawn = context.render_context.setdefault("timeline_templates", {})
    name = line.kind.template
    if name not in drawn:
        drawn[name] = get_template(name)
    body = drawn[name].render({"entry": line.entry, "line": line})
    return format_html(
        '<li class="event"><span class="event-icon {}">{}</span><div>{}</div></li>',
        line.kind.tone,
        icon(line.kind.icon),
        mark_safe(body),  # noqa: S308 - rendered by a template, which escapes
    )


@register.filter
def rich(text: str) -> SafeString:
    return rich_text(text)


def _label(choices: Any, value: Any) -> str:
    return str(dict(choices.choices).get(value, value))


@register.filter
def activity_words(entry: Any) -> str:
    return str(DEEDS.get(entry.kind, entry.kind))


@register.filter
def outcome_words(value: str) -> str:
    return _label(CallOutcome, value)


@register.filter
def stage_words(value: str) -> str:
    return _label(LifecycleStage, value)


@register.filter
def consent_words(value: str) -> str:
    return _label(ConsentState, value)


@register.filter
def frequency_words(value: str) -> str:
    return _label(Frequency, value)


@register.filter
def request_words(value: str) -> str:
    return _label(RequestKind, value)


@register.filter
def request_state_words(value: str) -> str:
    return _label(RequestState, value)
