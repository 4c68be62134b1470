"""What imported activities leave behind: what else they are about, and their lines on the timelines."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from contacts.models import Activity, ActivityLink, TimelineEntry
from contacts.services.timeline import COPY, Happening, record_timeline
from core.enums import ImportRowFate
from core.importing.bulk import copy_rows
from core.importing.rows import Change, ImportContext, Row
from core.importing.targets import Applied

LINK = "link_"
"""Fields whose name begins so hold the id of a record of the type that follows."""
STEP = 10_000


def write_links(context: ImportContext, applied: Applied) -> None:
    """Further people of the line, and the records that it is about; only what is missing is added."""
    wanted: dict[tuple[int, str, int], Row] = {}
    for row, pk in applied.everything:
        for record_type, target in _links_of(row):
            wanted.setdefault((pk, record_type, target), row)
    if not wanted:
        return
    old = {pk for pk, _type, _id in wanted}
    there = set(
        ActivityLink.objects.filter(activity__in=old).values_list("activity_id", "record_type", "object_id")
    )
    new = {key: row for key, row in wanted.items() if key not in there}
    now = timezone.now()
    columns = ("created_at", "updated_at", "activity_id", "record_type", "object_id")
    copy_rows(ActivityLink, columns, [(now, now, *key) for key in new])
    for (_pk, record_type, target), row in new.items():
        if row.fate == ImportRowFate.SKIPPED:
            row.fate = ImportRowFate.UPDATED
        if context.dry_run:
            row.changes.append(Change(f"{LINK}{record_type}", "", target))


def _links_of(row: Row) -> Iterable[tuple[str, int]]:
    for pk in (row.values.get("contact") or [])[1:]:
        yield "contact", pk
    for key, value in row.values.items():
        if key.startswith(LINK) and isinstance(value, int):
            yield key.removeprefix(LINK), value


def tell_activities(context: ImportContext, applied: Applied) -> None:
    """The lines of what has happened: at its own time, once, whatever the file says again."""
    _forget_planned(pk for _row, pk in applied.updated)
    tell_again([pk for _row, pk in (*applied.created, *applied.updated)])
    also = {pk: (row.values.get("contact") or [])[1:] for row, pk in applied.everything}
    also = {pk: people for pk, people in also.items() if people}
    record_timeline(
        actor=context.actor,
        happenings=[
            happening_of(activity, contact) for activity in _happened(also) for contact in also[activity.pk]
        ],
    )


def tell_again(ids: Sequence[int]) -> None:
    """Lines that are there say what the activities say now; those that are missing are written."""
    for start in range(0, len(ids), STEP):
        told = list(_happened(ids[start : start + STEP]))
        happenings = {item.dedupe_key: item for item in map(happening_of, told)}
        record_timeline(actor=None, happenings=happenings.values())
        changed = []
        for entry in TimelineEntry.objects.filter(dedupe_key__in=list(happenings)):
            wanted = happenings[entry.dedupe_key]
            values = (
                wanted.title[:300],
                wanted.body,
                wanted.occurred_at,
                wanted.contact_id,
                wanted.company_id,
            )
            if values != (entry.title, entry.body, entry.occurred_at, entry.contact_id, entry.company_id):
                entry.title, entry.body, entry.occurred_at, entry.contact_id, entry.company_id = values
                changed.append(entry)
        fields = ("title", "body", "occurred_at", "contact_id", "company_id")
        TimelineEntry.objects.bulk_update(changed, fields, batch_size=1000)
        _forget_planned(ids[start : start + STEP])


def happening_of(activity: Activity, also: int | None = None) -> Happening:
    """What the timeline tells of an activity: of its own person, or `also` of another who took part."""
    key = f"activity:{activity.pk}"
    return Happening(
        kind=activity.kind,
        occurred_at=activity.done_at or activity.occurred_at,
        dedupe_key=f"{key}{COPY}{also}" if also else key,
        contact_id=also or activity.contact_id,
        company_id=None if also else activity.company_id,
        actor_id=activity.owner_id,
        title=activity.subject,
        body=activity.body,
        data={
            "outcome": activity.outcome,
            "minutes": activity.duration_minutes,
            "direction": activity.direction,
        },
        record_type="activity",
        object_id=activity.pk,
    )


def _happened(ids: Iterable[int]) -> Iterable[Activity]:
    """Those of the activities that are not planned any more."""
    rows = Activity.objects.filter(pk__in=list(ids)).order_by("pk")
    return [row for row in rows if row.due_at is None or row.done_at is not None]


def _forget_planned(ids: Iterable[int]) -> None:
    rows = Activity.objects.filter(pk__in=list(ids), due_at__isnull=False, done_at=None)
    keys = [f"activity:{pk}" for pk in rows.values_list("pk", flat=True)]
    TimelineEntry.objects.filter(dedupe_key__in=keys).delete()


def forget_timeline(record_type: str, ids: Sequence[int]) -> None:
    """Take the lines about records that are gone off the timelines."""
    for start in range(0, len(ids), STEP):
        rows = TimelineEntry.objects.filter(record_type=record_type, object_id__in=ids[start : start + STEP])
        rows.delete()
