"""A deal's happenings by day, ready to be shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from contacts.models import TimelineEntry
from core.registries import timeline
from core.registries.timeline import TimelineKind


@dataclass(frozen=True)
class Item:
    """An entry with how it looks; `template` is empty for kinds that have none of sales' own."""

    entry: TimelineEntry
    kind: TimelineKind | None
    icon: str
    template: str


@dataclass(frozen=True)
class Day:
    """The entries of one day, in words."""

    label: str
    items: list[Item] = field(default_factory=list)


def timeline_days(entries: Iterable[TimelineEntry]) -> list[Day]:
    """The entries, newest first, under the days of the viewer's zone."""
    grouped = groupby(entries, key=lambda entry: timezone.localdate(entry.occurred_at))
    return [Day(_day_label(day), [_item(entry) for entry in rows]) for day, rows in grouped]


def _item(entry: TimelineEntry) -> Item:
    kind = timeline.get(entry.kind)
    own = kind is not None and kind.template.startswith("sales/")
    return Item(entry, kind, kind.icon if kind else "point", kind.template if kind and own else "")


def _day_label(day: date) -> str:
    today = timezone.localdate()
    if day == today:
        return _("Today")
    if (today - day).days == 1:
        return _("Yesterday")
    return formats.date_format(day, "l j F" if day.year == today.year else "j F Y")
