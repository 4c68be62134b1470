"""Writing the timeline: the only way in. Apps above call it for what happened with somebody."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from contacts.events import HappenedToFollowed
from contacts.models import TimelineEntry
from core.events import publish
from core.history.context import BULK_REQUEST, current
from core.services.base import service
from core.services.following import followed

TOUCH_PEOPLE = """
UPDATE contacts_contact t SET last_activity_at = r.at, activity_at = greatest(t.activity_at, r.at)
FROM unnest(%s::bigint[], %s::timestamptz[]) r (id, at)
WHERE t.id = r.id AND (t.last_activity_at IS NULL OR t.last_activity_at < r.at)
"""
TOUCH_COMPANIES = """
UPDATE contacts_company t SET last_activity_at = r.at
FROM unnest(%s::bigint[], %s::timestamptz[]) r (id, at)
WHERE t.id = r.id AND (t.last_activity_at IS NULL OR t.last_activity_at < r.at)
"""


COPY = ":also:"
"""In the `dedupe_key` of what is told a second time, to others who took part: the record's own timeline shows
the first telling only."""


TOLD_AT_ONCE = 50
UNTOLD = frozenset({"contact.created", "contact.lifecycle"})
"""What followers learn as a change of the record, not a second time from the timeline."""


@dataclass(frozen=True)
class Happening:
    """Something to put on a timeline. `kind` is registered in `core.registries.timeline`; `dedupe_key` names
    the happening (`deal:7:stage:12`), so that telling it again changes nothing."""

    kind: str
    occurred_at: datetime
    dedupe_key: str
    contact_id: int | None = None
    company_id: int | None = None
    actor_id: int | None = None
    title: str = ""
    body: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    record_type: str = ""
    object_id: int | None = None
    counts_as_activity: bool = True


@service
def record_timeline(*, actor: Any, happenings: Iterable[Happening]) -> int:
    """Write what happened; returns how many lines were new. A person's line shows on the company's timeline
    too when `company_id` is given. Moves «last activity» forward, never back."""
    items = [item for item in happenings if item.contact_id or item.company_id]
    before = set(
        TimelineEntry.objects.filter(dedupe_key__in=[item.dedupe_key for item in items]).values_list(
            "dedupe_key", flat=True
        )
    )
    new = [item for item in items if item.dedupe_key not in before]
    request = _undoable_request()
    entries = [_entry(item, request) for item in new]
    TimelineEntry.objects.bulk_create(entries, ignore_conflicts=True, batch_size=1000)
    _touch([item for item in new if item.counts_as_activity])
    if 0 < len(new) <= TOLD_AT_ONCE:
        _tell_followed(new)
    return len(new)


def _undoable_request() -> str | None:
    """The id of the page request or bulk job that is writing; nothing else can be undone as a whole."""
    acting = current()
    if acting is None or not acting.request_id:
        return None
    is_bulk = acting.cause.startswith("job:") and acting.request_id.startswith(BULK_REQUEST)
    return acting.request_id if acting.cause == "page" or is_bulk else None


def _tell_followed(items: list[Happening]) -> None:
    """Publish what happened with records that somebody follows; imports of thousands tell nobody."""
    about: dict[tuple[str, int], Happening] = {}
    for item in items:
        if item.kind in UNTOLD:
            continue
        ends = (
            ("contact", item.contact_id),
            ("company", item.company_id),
            (item.record_type, item.object_id),
        )
        for key, pk in ends:
            if key and pk is not None:
                about.setdefault((key, pk), item)
    for key, pk in sorted(followed(about)) if about else ():
        publish(HappenedToFollowed(record_type=key, object_id=pk, dedupe_key=about[key, pk].dedupe_key))


@service
def forget_request(*, actor: Any, request_id: str, kept: Collection[tuple[str, int]]) -> None:
    """Take the lines back that a page request or a bulk job wrote, but for those about the records of `kept`."""
    stay, gone = set(kept), []
    for entry in TimelineEntry.objects.filter(request=request_id):
        about = {(entry.record_type, entry.object_id)}
        if not entry.record_type:
            about = {("contact", entry.contact_id), ("company", entry.company_id)}
        if not about & stay:
            gone.append(entry.pk)
    TimelineEntry.objects.filter(pk__in=gone).delete()


def _entry(item: Happening, request: str | None) -> TimelineEntry:
    return TimelineEntry(
        request=request,
        kind=item.kind,
        occurred_at=item.occurred_at,
        dedupe_key=item.dedupe_key,
        contact_id=item.contact_id,
        company_id=item.company_id,
        actor_id=item.actor_id,
        title=item.title[:300],
        body=item.body,
        data=item.data,
        record_type=item.record_type,
        object_id=item.object_id,
    )


def _touch(items: list[Happening]) -> None:
    """`updated_at` and `version` stay: nobody edited the record. One statement per table, whatever the number."""
    people: dict[int, datetime] = {}
    companies: dict[int, datetime] = {}
    for item in items:
        for latest, pk in ((people, item.contact_id), (companies, item.company_id)):
            if pk is not None:
                latest[pk] = max(item.occurred_at, latest.get(pk, item.occurred_at))
    with connection.cursor() as cursor:
        for sql, latest in ((TOUCH_PEOPLE, people), (TOUCH_COMPANIES, companies)):
            if latest:
                cursor.execute(sql, [list(latest), list(latest.values())])
