"""Writing the timeline: the only way in. Apps above call it for what happened with somebody."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Greatest

from contacts.models import Company, Contact, TimelineEntry
from core.services.base import service


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
    TimelineEntry.objects.bulk_create([_entry(item) for item in new], ignore_conflicts=True, batch_size=1000)
    for item in new:
        if item.counts_as_activity:
            _touch(item)
    return len(new)


def _entry(item: Happening) -> TimelineEntry:
    return TimelineEntry(
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


def _touch(item: Happening) -> None:
    """`updated_at` and `version` stay: nobody edited the record."""
    moment = Value(item.occurred_at)
    if item.contact_id:
        Contact.all_objects.filter(pk=item.contact_id).update(
            last_activity_at=Greatest(Coalesce(F("last_activity_at"), moment), moment),
            activity_at=Greatest(F("activity_at"), moment),
        )
    if item.company_id:
        Company.all_objects.filter(pk=item.company_id).update(
            last_activity_at=Greatest(Coalesce(F("last_activity_at"), moment), moment)
        )
