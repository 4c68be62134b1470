"""Who entered and left segments, and which segments a person is in; always in the asker's scope."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from contacts.models import (
    Contact,
    KeptSegment,
    Segment,
    SegmentBaseline,
    SegmentPassage,
    SegmentState,
)
from contacts.segmentation.definitions import definitions
from contacts.segmentation.members import kept_row, sees_alike
from contacts.segmentation.plan import Plan, expand, fingerprint
from contacts.segmentation.statement import Builder
from core.conditions.compile import usable_criteria
from core.conditions.criteria import Criterion
from core.conditions.tree import ConditionError, Node
from core.enums import AccessLevel, Action
from core.scope.access import profile_for

SHOWN = 50


@dataclass(frozen=True)
class Membership:
    """A segment that a person is in. `since` is known where they entered it after it was filled."""

    segment: Segment
    since: datetime | None


@dataclass(frozen=True)
class Event:
    """A line of a person's history in a segment: `how` is filled, entered or left."""

    how: str
    at: datetime
    inside: bool


def passages(segment: Segment, user: Any) -> QuerySet[SegmentPassage]:
    """Entries and exits of people in the asker's scope, newest first; none where the segment asks by what is
    hidden from or out of sight of them. Raises ConditionError."""
    row = kept_row(segment, user)
    if row is None:
        return SegmentPassage.objects.none()
    found = SegmentPassage.objects.filter(segment=segment, contact__deleted_at__isnull=True)
    if user is not None and profile_for(user).level("contact", Action.VIEW) != AccessLevel.ALL:
        found = found.filter(contact__in=Contact.objects.visible_to(user))
    result: QuerySet[SegmentPassage] = found.order_by("-at", "-id")
    return result


def passages_by_day(segment: Segment, user: Any, days: int = 30) -> list[tuple[date, int, int]]:
    """(day, entered, left) for each of the last `days` days."""
    today = timezone.localdate()
    since = timezone.now() - timedelta(days=days)
    rows = passages(segment, user).filter(at__gt=since).order_by().annotate(day=TruncDate("at")).values("day")
    counted = rows.annotate(
        came=Count("pk", filter=Q(entered=True)), went=Count("pk", filter=Q(entered=False))
    )
    found = {row["day"]: (row["came"], row["went"]) for row in counted}
    wanted = [today - timedelta(days=n) for n in range(days - 1, -1, -1)]
    return [(day, *found.get(day, (0, 0))) for day in wanted]


def history_of(segment: Segment, contact: Contact, user: Any) -> list[Event]:
    """One person's history in a segment, oldest first; empty where the asker may not know it."""
    if kept_row(segment, user) is None:
        return []
    filled = SegmentBaseline.objects.filter(segment=segment, first_id__lt=contact.pk, last_id__gte=contact.pk)
    events = [Event("filled", part.at, contact.pk in part.members) for part in filled]
    moved = SegmentPassage.objects.filter(segment=segment, contact=contact)
    events += [Event("entered" if one.entered else "left", one.at, one.entered) for one in moved]
    return sorted(events, key=lambda event: event.at)


def segments_of(contact: Contact, user: Any) -> list[Membership]:
    """The live segments in the asker's scope that a person is in, by name. A few queries, whatever the number.

    Where the kept bits don't answer for the asker the rule is judged now, in their scope.
    """
    seen = {one.pk: one for one in Segment.objects.visible_to(user)}
    if not seen:
        return []
    everything = definitions()
    kept = {row.segment_id: row for row in KeptSegment.objects.filter(filled_to__isnull=True, problem="")}
    state = SegmentState.objects.filter(contact_id=contact.pk).values_list("bits", flat=True).first() or ""
    inside: set[int] = set()
    live: dict[int, Node] = {}
    known = {pk: one for pk, one in everything.items() if pk in seen}
    usable = usable_criteria("contact", user)
    for pk in seen:
        try:
            rule, row = expand(everything[pk], everything), kept.get(pk)
            own = expand(everything[pk], known)
            is_kept = row is not None and row.fingerprint == fingerprint(rule) == fingerprint(own)
            if row is not None and is_kept and sees_alike(rule, user, usable):
                if state[row.slot : row.slot + 1] == "1":
                    inside.add(pk)
            else:
                live[pk] = own
        except (ConditionError, KeyError):
            continue
    inside |= _judged_now(live, contact, user, usable)
    since = _entered(contact, [pk for pk in inside if pk not in live])
    found = [Membership(seen[pk], since.get(pk)) for pk in inside]
    return sorted(found, key=lambda one: (one.segment.name.lower(), one.segment.pk))


def _judged_now(
    rules: dict[int, Node], contact: Contact, user: Any, criteria: dict[str, Criterion]
) -> set[int]:
    plan, usable = Plan(), []
    for pk, rule in rules.items():
        try:
            alone = Plan()
            alone.add(pk, rule)
            Builder(alone, criteria, timezone.now(), user=user).build()
        except ConditionError:
            continue
        plan.add(pk, rule)
        usable.append(pk)
    if not usable:
        return set()
    statement = Builder(plan, criteria, timezone.now(), user=user).build()
    columns = ", ".join(plan.boolean(pk) for pk in usable)
    with connection.cursor() as cursor:
        sql = f"SELECT {columns} FROM ({statement.sql}) judged"  # noqa: S608 - l0, l1…
        cursor.execute(sql, [[contact.pk], *statement.params])
        row = cursor.fetchone()
    return {pk for pk, met in zip(usable, row, strict=True) if met}


def _entered(contact: Contact, segments: list[int]) -> dict[int, datetime]:
    rows = SegmentPassage.objects.filter(contact=contact, segment_id__in=segments, entered=True)
    newest = rows.order_by("segment_id", "-id").distinct("segment_id")
    return dict(newest.values_list("segment_id", "at"))
