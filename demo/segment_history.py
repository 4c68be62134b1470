"""Who entered and left the segments in the last thirty days, so that their history shows something at once."""

from datetime import datetime, timedelta
from random import Random

from django.db import connection

from contacts.models import Segment, SegmentPassage
from contacts.segmentation.definitions import rule_of
from contacts.segmentation.plan import Plan
from contacts.segmentation.statement import Builder
from core.conditions.criteria import criteria_for
from demo.copying import copy_rows
from demo.parties import Known
from demo.world import World

LOOKED_AT = 1500
DAYS = 30
NEW = 0.12
"""The share of members who are said to have come lately, and of others who are said to have left."""


def seed_passages(world: World, segments: list[Segment], known: list[Known]) -> int:
    """Members of today came, others came and went again. Draws from a source of its own: nothing else changes."""
    random = Random(len(known))
    rows: list[tuple[int, int, int, bool, datetime]] = []
    created = {one.id: one.created for one in known[:LOOKED_AT]}
    for pk, inside in _members(world, segments, list(created)):
        for segment, is_in in zip(segments, inside, strict=True):
            if random.random() > (NEW if is_in else NEW / 6):
                continue
            came = max(world.now - timedelta(days=random.uniform(0.1, DAYS - 1)), created[pk])
            rows.append((segment.pk, pk, 1, True, came))
            if not is_in:
                rows.append((segment.pk, pk, 1, False, came + (world.now - came) * random.random()))
    rows.sort(key=lambda row: row[-1])
    return copy_rows(SegmentPassage, ("segment", "contact", "revision", "entered", "at"), rows)


def _members(world: World, segments: list[Segment], ids: list[int]) -> list[tuple[int, list[bool]]]:
    plan = Plan()
    for number, segment in enumerate(segments):
        plan.add(number, rule_of(segment))
    statement = Builder(plan, criteria_for("contact"), world.now).build()
    columns = ", ".join(plan.boolean(number) for number in range(len(segments)))
    with connection.cursor() as cursor:
        sql = f"SELECT id, {columns} FROM ({statement.sql}) judged WHERE alive ORDER BY id"  # noqa: S608 - l0, l1…
        cursor.execute(sql, [ids, *statement.params])
        return [(row[0], list(row[1:])) for row in cursor.fetchall()]
