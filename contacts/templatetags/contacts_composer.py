"""The composer's form where a page is opened: with custom fields, where activities have any."""

from typing import Any

from django import template
from django.utils import timezone

from contacts.forms.activities import ComposerForm, next_working_day
from core.custom_fields.cache import visible_definitions
from core.scope.access import profile_for

register = template.Library()


@register.simple_tag(takes_context=True)
def composer_form(context: template.Context) -> Any:
    """The form that a refused one came back as, else a new one; nothing where there is nothing to ask for beyond
    what the template has."""
    if composer := context.get("composer"):
        return composer
    user = context["request"].user
    return ComposerForm(user=user) if visible_definitions("activity", profile_for(user)) else ""


@register.simple_tag
def follow_up_day() -> str:
    """The day that a follow-up is offered for, as a calendar's input wants it."""
    return str(next_working_day().isoformat())


@register.simple_tag
def now_minute() -> str:
    """This minute on the reader's clock, as a calendar's input with a time wants it."""
    return timezone.localtime().strftime("%Y-%m-%dT%H:%M")
