"""A person's way through the lifecycle stages, each with how long it lasted and why it began."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enums import LifecycleStage
from contacts.models import Contact, LifecycleChange, LifecycleRule

SHOWN = 50


@dataclass(frozen=True)
class Stay:
    """A time in one stage; the newest has no end."""

    key: str
    stage: str
    since: datetime
    lasted: timedelta
    why: str
    is_current: bool


def stays_of(contact: Contact) -> list[Stay]:
    """The stages a person was in, the present one first (two queries)."""
    rows = LifecycleChange.objects.filter(contact=contact).select_related("actor").order_by("-at", "-id")
    changes = list(rows[:SHOWN])
    labels = dict(LifecycleStage.choices)
    names = _rule_names(changes)
    found, until = [], timezone.now()
    for number, change in enumerate(changes):
        why = names.get(change.cause) or (str(change.actor) if change.actor else cause_of(change.cause))
        label = str(labels.get(change.after, change.after))
        found.append(Stay(change.after, label, change.at, until - change.at, why, number == 0))
        until = change.at
    first = changes[-1].before if changes else contact.lifecycle_stage
    label = str(labels.get(first, first))
    found.append(Stay(first, label, contact.created_at, until - contact.created_at, "", not changes))
    return found


def cause_of(cause: str) -> str:
    """Why a move happened, where no person and no rule says it."""
    words = {"import": _("import"), "api": _("API"), "event": _("by what happened"), "undo": _("undone")}
    return words.get(cause.partition(":")[0], _("the system"))


def _rule_names(changes: list[LifecycleChange]) -> dict[str, str]:
    ids = [int(c.cause.partition(":")[2]) for c in changes if c.cause.startswith("lifecycle:")]
    rules = LifecycleRule.all_objects.filter(pk__in=ids) if ids else ()
    return {f"lifecycle:{rule.pk}": _("rule “%(name)s”") % {"name": rule.name} for rule in rules}
