"""From records and choices to one record: locks, values, rows, aliases, one group or hundreds at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg2.extras import Json

from contacts.enums import MergeOrigin
from contacts.merging import custom_links
from contacts.merging.engine import Group, Merge, count_rows, high_water_marks
from contacts.merging.fields import merged_values, primaries_in, rules_for
from contacts.models import Alias, Company, Contact, MergeLog, TimelineEntry
from core.text import sort_key

MERGE_LOCK = 0x6D65726765
"""One merge at a time writes: two that meet in other tables' rows would wait for each other for ever."""
MEMBERS = "SELECT g.member AS id, g.log FROM {group} WHERE g.member <> g.survivor"
NEWEST_ACTIVITY = """
SELECT g.survivor AS id, g.log, max(m.last_activity_at) AS last{more}
FROM {group} JOIN {table} m ON m.id = g.member GROUP BY g.survivor, g.log
"""
OLD_IDS = (
    "SELECT now(), now(), %(record_type)s, g.member, g.survivor FROM {group} WHERE g.member <> g.survivor"
)
TELL = """
SELECT g.survivor, %(record_type)s || '.merged', now(), %(actor)s::bigint, left(n.names, 300), '',
    jsonb_build_object('log', g.log), '', NULL, 'merge:' || g.log
FROM {group} JOIN unnest(%(named_logs)s::bigint[], %(names)s::text[]) n (log, names) ON n.log = g.log
WHERE g.member = g.survivor
"""
STEP_ON = {"version": "t.version + 1", "updated_at": "now()"}


@dataclass(frozen=True)
class Wanted:
    """Records to become one, the survivor first, and what somebody chose for fields by name."""

    records: Sequence[Any]
    choices: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""


def lock_merging() -> None:
    """Wait for the merge that is running, if one is; freed with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MERGE_LOCK])


def lock_records(model: Any, ids: Sequence[int]) -> dict[int, Any]:
    """The live records among `ids`, locked in the order of their keys: nothing new can be hung on them
    while they are merged."""
    rows = model.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    return {row.pk: row for row in rows}


def run_merges(
    model: Any, wanted: Sequence[Wanted], *, actor: Any = None, origin: str = MergeOrigin.PAGE
) -> list[MergeLog]:
    """Merge each of `wanted`, whose records are locked. Runs in the caller's transaction."""
    logs = MergeLog.objects.bulk_create([_log(model, one, actor, origin) for one in wanted])
    groups = [Group(log, log.survivor_id, tuple(log.merged_ids)) for log in logs]
    primaries = [
        (log.pk, name, pk)
        for log, one in zip(logs, wanted, strict=True)
        for name, pk in primaries_in(model.record_type, one.choices)
    ]
    merge = Merge(model, groups, primaries)
    rules = rules_for(model)
    for log, one in zip(logs, wanted, strict=True):
        values = derived(one.records[0], merged_values(one.records, one.choices, rules))
        if values:
            merge.change_row(model, log.pk, log.survivor_id, values)
    merge.relink()
    custom_links.follow(merge)
    _close(merge, logs, wanted, actor)
    return logs


def _log(model: Any, one: Wanted, actor: Any, origin: str) -> MergeLog:
    survivor, *others = one.records
    return MergeLog(
        record_type=model.record_type,
        survivor_id=survivor.pk,
        merged_ids=[other.pk for other in others],
        origin=origin,
        reason=one.reason[:200],
        actor=actor,
        choices=dict(one.choices),
        **{model.record_type: survivor},
    )


def derived(survivor: Any, values: dict[str, Any]) -> dict[str, Any]:
    """With what follows from a name, and custom values as the database takes them."""
    first, last = (values.get(name, getattr(survivor, name, "")) for name in ("first_name", "last_name"))
    if {"first_name", "last_name"} & set(values):
        name = " ".join(part for part in (first.strip(), last.strip()) if part)
        values |= {"name": name[:210], "sort_name": sort_key(f"{last} {first}")}
    elif "name" in values:
        values["sort_name"] = sort_key(values["name"], 200)
    if "custom" in values:
        values["custom"] = Json(values["custom"])
    return values


def _close(merge: Merge, logs: Sequence[MergeLog], wanted: Sequence[Wanted], actor: Any) -> None:
    model: Any = merge.model
    is_contact = model is Contact
    newest = {"last_activity_at": "wanted.last"}
    if is_contact:
        newest["activity_at"] = "wanted.newest"
    more = ", max(m.activity_at) AS newest" if is_contact else ""
    merge.change(model, newest, NEWEST_ACTIVITY.replace("{more}", more), quietly=STEP_ON)
    merge.change(model, {"deleted_at": "%(now)s"}, MEMBERS, quietly=STEP_ON, now=timezone.now())
    merge.add(
        Alias,
        "created_at, updated_at, record_type, old_id, live_id",
        OLD_IDS,
        link="live_id",
        member="made.old_id",
    )
    merge.add(
        TimelineEntry,
        f"{model.record_type}_id, kind, occurred_at, actor_id, title, body, data, record_type, object_id,"
        " dedupe_key",
        TELL,
        link=f"{model.record_type}_id",
        actor=getattr(actor, "pk", None),
        named_logs=[log.pk for log in logs],
        names=[", ".join(str(other) for other in one.records[1:]) for one in wanted],
    )
    marks = high_water_marks(model)
    MergeLog.objects.filter(pk__in=[log.pk for log in logs]).update(marks=marks)
    count_rows([log.pk for log in logs])


def model_of(record_type: str) -> Any:
    """Contact or Company."""
    return {"contact": Contact, "company": Company}[record_type]
