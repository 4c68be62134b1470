"""Reading the timeline: one indexed range, newest first, of what the viewer may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.utils import timezone

from contacts.models import ActivityLink, Company, Contact, TimelineEntry
from contacts.selectors.affiliations import may_see_who_belongs
from contacts.services.timeline import COPY
from core.paging import keyset_page
from core.registries import records, timeline
from core.registries.timeline import TimelineKind
from core.scope.access import profile_for
from core.scope.fields import conceal_links

PAGE = 25
GROUPS = ("call", "mail", "note", "meeting", "deal", "ticket", "campaign", "order", "change")


@dataclass(frozen=True)
class Line:
    """An entry ready to be shown."""

    entry: TimelineEntry
    kind: TimelineKind
    url: str


@dataclass(frozen=True)
class Day:
    """The lines of one day, in the viewer's zone."""

    day: date
    lines: list[Line]


@dataclass(frozen=True)
class TimelinePage:
    """A page of days, and the cursor of the older ones."""

    days: list[Day]
    older: str | None


def timeline_of(
    record: Any, user: Any, *, group: str = "", text: str = "", cursor: str = "", size: int = PAGE
) -> TimelinePage:
    """What happened with a contact, a company, or a record of another type (a deal, a ticket).

    Kinds whose records the viewer's role can't view are left out; so are entries of records out of scope, and those
    of a company about people where the role hides who belongs to it.
    """
    profile = profile_for(user)
    kinds = {
        kind.key: kind
        for kind in timeline.all_kinds()
        if kind.allowed(profile) and (not group or kind.group == group)
    }
    rows = _rows_of(record).filter(kind__in=list(kinds))
    if isinstance(record, Company) and not may_see_who_belongs(user):
        rows = rows.filter(contact=None)
    if text.strip():
        rows = rows.filter(Q(title__icontains=text.strip()) | Q(body__icontains=text.strip()))
    page = keyset_page(rows, ("occurred_at",), descending=True, cursor=cursor, size=size)
    entries = joined(TimelineEntry.objects.filter(pk__in=page.ids).select_related("actor"), record)
    ordered = sorted(entries, key=lambda entry: page.ids.index(entry.pk))
    conceal_links(ordered, user)
    allowed = _in_scope(ordered, user)
    lines = [Line(entry, kinds[entry.kind], _url(entry)) for entry in ordered if entry.pk in allowed]
    days = groupby(lines, key=lambda line: timezone.localdate(line.entry.occurred_at))
    return TimelinePage([Day(day, list(items)) for day, items in days], page.next)


def joined(rows: QuerySet[Any], record: Any) -> list[Any]:
    """The rows with the person and the company that they name. Those that are `record` itself are not read again."""
    parties = {"contact": Contact, "company": Company}
    others = [name for name, model in parties.items() if not isinstance(record, model)]
    found = list(rows.select_related(*others))
    for row in found:
        for name in parties.keys() - set(others):
            setattr(row, name, record)
    return found


def _rows_of(record: Any) -> QuerySet[TimelineEntry]:
    if isinstance(record, Contact):
        return TimelineEntry.objects.filter(contact=record)
    if isinstance(record, Company):
        return TimelineEntry.objects.filter(company=record)
    linked = ActivityLink.objects.filter(record_type=record.record_type, object_id=record.pk)
    return TimelineEntry.objects.filter(
        Q(record_type=record.record_type, object_id=record.pk) & ~Q(dedupe_key__contains=COPY)
        | Q(record_type="activity", object_id__in=linked.values("activity_id"))
    )


def _in_scope(entries: Iterable[TimelineEntry], user: Any) -> set[int]:
    """Ids of the entries whose own record (deal, ticket…) the viewer may see; one query for all types."""
    by_type: dict[str, set[int]] = {}
    for entry in entries:
        if entry.record_type and entry.record_type != "activity" and entry.object_id:
            by_type.setdefault(entry.record_type, set()).add(entry.object_id)
    known = {key: ids for key, ids in by_type.items() if records.known(key)}
    rows = [
        records.get(key)
        .visible_to(user)
        .filter(pk__in=ids)
        .order_by()
        .annotate(kept_as=Value(key, output_field=CharField()))
        .values_list("kept_as", "pk")
        for key, ids in known.items()
    ]
    visible = set(rows[0].union(*rows[1:], all=True)) if rows else set()
    return {
        entry.pk
        for entry in entries
        if not entry.record_type
        or entry.record_type == "activity"
        or entry.object_id is None
        or (entry.record_type, entry.object_id) in visible
    }


def _url(entry: TimelineEntry) -> str:
    if not entry.record_type or entry.object_id is None or not records.known(entry.record_type):
        return ""
    return records.get(entry.record_type).url_of(entry.object_id)
