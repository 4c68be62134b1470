"""Keeping segments true while records change. See README.md.

Triggers append touched contacts to a queue. `keep_up` takes up to 5,000 of them (and of those whose time has come),
judges them by every leaf in one statement, compares with the bits they had, writes the new bits and who entered or
left, and publishes it. One keeper works at a time.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from contacts.events import PeopleEntered, PeopleLeft
from contacts.models import KeptSegment, SegmentBaseline, SegmentPassage, SegmentState
from contacts.segmentation.definitions import Kept, synchronise, tables_of_rules
from contacts.segmentation.plan import Plan
from contacts.segmentation.statement import Builder
from core.conditions.criteria import criteria_for
from core.events import publish

BATCH = 5000
TOUCHES = 20_000
"""Lines of the queue that are taken at a time: after a bulk write many are about the same people. What is more
goes to the backlog, where everybody stands once, and is judged there in slices between what comes in fresh."""
EVENT_SIZE = 500
LOCK_KEY = 7_305_002
SOLE_KEY = 7_305_003

TAKE = """
WITH taken AS (
  SELECT id FROM contacts_segmenttouch ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
DELETE FROM contacts_segmenttouch q USING taken WHERE q.id = taken.id RETURNING q.contact_id, q.source
"""
SET_ASIDE = """
WITH moved AS (DELETE FROM contacts_segmenttouch RETURNING contact_id, source)
INSERT INTO contacts_segmentbacklog (contact_id)
SELECT DISTINCT contact_id FROM moved WHERE source = ANY(%s) ON CONFLICT DO NOTHING
"""
TAKE_SLICE = """
DELETE FROM contacts_segmentbacklog WHERE contact_id = ANY(ARRAY(
  SELECT contact_id FROM contacts_segmentbacklog ORDER BY contact_id LIMIT %s
)) RETURNING contact_id
"""
DUE = "SELECT contact_id FROM contacts_segmentstate WHERE due_at <= %s ORDER BY due_at LIMIT %s"
WRITE = """
WITH judged AS MATERIALIZED ({judged}),
fresh AS (
  SELECT j.id, j.alive, {due} AS due_at, s.bits AS old, {bits} AS bits
    FROM judged j LEFT JOIN contacts_segmentstate s ON s.contact_id = j.id
), written AS (
  INSERT INTO contacts_segmentstate AS kept (contact_id, bits, due_at)
  SELECT id, bits, due_at FROM fresh WHERE alive
  ON CONFLICT (contact_id) DO UPDATE SET bits = excluded.bits, due_at = excluded.due_at
   WHERE (kept.bits, kept.due_at) IS DISTINCT FROM (excluded.bits, excluded.due_at)
), gone AS (
  DELETE FROM contacts_segmentstate d USING fresh WHERE d.contact_id = fresh.id AND NOT fresh.alive
)
SELECT id, old::text, CASE WHEN alive THEN bits::text ELSE repeat('0', {width}) END
  FROM fresh WHERE alive AND bits IS DISTINCT FROM old OR NOT alive AND old IS NOT NULL
"""


@dataclass
class Report:
    """What a round of keeping did."""

    touched: int = 0
    entered: int = 0
    left: int = 0
    filled: int = 0
    waiting: bool = False
    seconds: float = 0.0
    _moved: dict[str, int] = field(default_factory=dict)


def keep_up(now: datetime | None = None, *, seconds: float = 20.0, fill: int = 50_000) -> Report:
    """Judge everybody who was touched or whose time has come, and fill new segments of up to `fill` contacts.

    Ends when nothing is left or after `seconds` (then `waiting` is true). Safe to call at any time and from
    several processes: they take turns.
    """
    report, begun = Report(), time.monotonic()
    while True:
        if not keep_batch(now or timezone.now(), report):
            break
        if time.monotonic() - begun > seconds:
            report.waiting = True
            break
    while not report.waiting and (filled := fill_batch(now or timezone.now())) is not None:
        report.filled += filled
        report.waiting = time.monotonic() - begun > seconds or report.filled >= fill
    report.seconds = round(time.monotonic() - begun, 3)
    return report


def keep_batch(now: datetime, report: Report) -> bool:
    """One batch; False when there was nothing to do."""
    with transaction.atomic():
        take_turn()
        kept = synchronise(now, thorough=pending(now))
        with connection.cursor() as cursor:
            if not any(one.is_filled or one.row.filled_to for one in kept):
                cursor.execute("DELETE FROM contacts_segmenttouch")  # filling will judge everybody
                cursor.execute("DELETE FROM contacts_segmentbacklog")
                return False
            taken, ids = _take(cursor, kept, now)
        ordered = sorted(ids)
        for start in range(0, len(ordered), BATCH):
            judge(ordered[start : start + BATCH], kept, now, report)
        return bool(taken or ids)


def _take(cursor: Any, kept: Sequence[Kept], now: datetime) -> tuple[int, set[int]]:
    """How many lines of the queue were taken, and who is to be judged: those touched first, then those whose
    moment has come, then a slice of the backlog."""
    cursor.execute(TAKE, [TOUCHES])
    taken = cursor.fetchall()
    ids: set[int] = set()
    if taken:
        tables = tables_of_rules([one.rule for one in kept])
        ids = {pk for pk, source in taken if source in tables}
        if len(taken) == TOUCHES:
            cursor.execute(SET_ASIDE, [list(tables)])
    for sql, first in ((DUE, [now]), (TAKE_SLICE, [])):
        if len(ids) < BATCH:
            cursor.execute(sql, [*first, BATCH - len(ids)])
            ids |= {pk for (pk,) in cursor.fetchall()}
    return len(taken), ids


def take_turn() -> None:
    """Wait until no other keeper works on this database; holds until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])


@contextmanager
def sole_keeper() -> Iterator[bool]:
    """Whether no other process is keeping segments up right now; the keeper's place is held meanwhile. Workers
    whose turn comes while a bulk change is worked off go on to other tasks instead of waiting in line."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SOLE_KEY])
        is_mine = bool(cursor.fetchone()[0])
        try:
            yield is_mine
        finally:
            if is_mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SOLE_KEY])


def plan_of(kept: Sequence[Kept]) -> Plan:
    plan = Plan()
    for one in kept:
        plan.add(one.row.slot, one.rule)
    return plan


def judge(ids: list[int], kept: Sequence[Kept], now: datetime, report: Report) -> None:
    """Judge these contacts by all kept segments and write down what became of it."""
    changes = write_bits(ids, kept, now, width=width_of(kept), whole=True)
    report.touched += len(ids)
    passages = _passages(changes, kept)
    _write_passages(passages, now)
    for one, entered, left in _by_segment(passages):
        report.entered += len(entered)
        report.left += len(left)
        _tell(one.row.segment_id, entered, left)


def width_of(kept: Sequence[Kept]) -> int:
    return max((one.row.slot for one in kept), default=-1) + 1


def write_bits(
    ids: list[int], kept: Sequence[Kept], now: datetime, *, width: int, whole: bool
) -> list[tuple[int, str | None, str]]:
    """Judge and write; returns (contact, bits before, bits now) of those that changed. With `whole` the bits
    are replaced, else only those of `kept` and a contact's due moment is only brought forward."""
    plan = plan_of(kept)
    statement = Builder(plan, criteria_for("contact"), now).build()
    slots = set(plan.rules)
    bits = " || ".join(
        f"CASE WHEN {plan.boolean(slot)} THEN B'1' ELSE B'0' END" if slot in slots else "B'0'"
        for slot in range(width)
    )
    bits, due = f"({bits})", "j.due_at"
    if not whole:
        mask = "".join("0" if slot in slots else "1" for slot in range(width))
        bits = f"((coalesce(s.bits, B'')::bit({width}) & B'{mask}') | {bits}::bit({width}))"
        due = "LEAST(j.due_at, s.due_at)"
    sql = WRITE.format(judged=statement.sql, due=due, bits=f"{bits}::varbit", width=width)
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids, *statement.params])
        return cursor.fetchall()


def fill_batch(now: datetime) -> int | None:
    """Fill the next 5,000 contacts of the segments that are furthest behind; None when all are filled."""
    with transaction.atomic():
        take_turn()
        if all(one.is_filled for one in synchronise(now, thorough=False)):
            return None
        kept = synchronise(now)
        behind = [one for one in kept if not one.is_filled]
        if not behind:
            return None
        start = min(one.row.filled_to or 0 for one in behind)
        group = [one for one in behind if (one.row.filled_to or 0) == start]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM contacts_contact WHERE id > %s ORDER BY id LIMIT %s", [start, BATCH]
            )
            ids = [pk for (pk,) in cursor.fetchall()]
        if ids:
            write_bits(ids, group, now, width=max(width_of(kept), width_of(group)), whole=False)
            _write_baselines(group, start, ids[-1], now)
        _advance(group, ids, now)
        return len(ids)


def _advance(group: Sequence[Kept], ids: list[int], now: datetime) -> None:
    rows = KeptSegment.objects.filter(segment_id__in=[one.row.segment_id for one in group])
    if len(ids) < BATCH:
        rows.update(filled_to=None, filled_at=now)
    else:
        rows.update(filled_to=ids[-1])


def _write_baselines(group: Sequence[Kept], start: int, end: int, now: datetime) -> None:
    """Who was in each segment when it was filled, of the contacts after `start` up to `end`."""
    states = SegmentState.objects.filter(contact_id__gt=start, contact_id__lte=end)
    rows = list(states.order_by("contact_id").values_list("contact_id", "bits"))
    SegmentBaseline.objects.bulk_create(
        [
            SegmentBaseline(
                segment_id=one.row.segment_id,
                revision=one.row.revision,
                first_id=start,
                last_id=end,
                members=[pk for pk, bits in rows if bits[one.row.slot : one.row.slot + 1] == "1"],
                at=now,
            )
            for one in group
        ],
        update_conflicts=True,
        unique_fields=["segment", "revision", "first_id"],
        update_fields=["last_id", "members", "at"],
    )


Passage = tuple[Kept, int, bool]


def _passages(changes: list[tuple[int, str | None, str]], kept: Sequence[Kept]) -> list[Passage]:
    """Who entered (true) or left which segment, as far as it had been filled."""
    found = []
    for pk, before, after in changes:
        old = before or ""
        for one in kept:
            slot = one.row.slot
            was, now_in = old[slot : slot + 1] == "1", after[slot : slot + 1] == "1"
            if was != now_in and (one.is_filled or pk <= (one.row.filled_to or 0)):
                found.append((one, pk, now_in))
    return found


def _write_passages(passages: list[Passage], now: datetime) -> None:
    SegmentPassage.objects.bulk_create(
        [
            SegmentPassage(
                segment_id=one.row.segment_id,
                contact_id=pk,
                revision=one.row.revision,
                entered=entered,
                at=now,
            )
            for one, pk, entered in passages
        ],
        batch_size=5000,
    )


def _by_segment(passages: list[Passage]) -> list[tuple[Kept, list[int], list[int]]]:
    sides: dict[int, tuple[Kept, list[int], list[int]]] = {}
    for one, pk, entered in passages:
        _kept, came, went = sides.setdefault(one.row.segment_id, (one, [], []))
        (came if entered else went).append(pk)
    return list(sides.values())


def _tell(segment_id: int, entered: list[int], left: list[int]) -> None:
    for ids, event in ((entered, PeopleEntered), (left, PeopleLeft)):
        for start in range(0, len(ids), EVENT_SIZE):
            publish(event(segment_id=segment_id, contact_ids=ids[start : start + EVENT_SIZE]))


def pending(now: datetime | None = None) -> bool:
    """Whether anybody waits to be judged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM contacts_segmenttouch)"
            " OR EXISTS (SELECT FROM contacts_segmentbacklog)"
            " OR EXISTS (SELECT FROM contacts_segmentstate WHERE due_at <= %s)",
            [now or timezone.now()],
        )
        return bool(cursor.fetchone()[0])
