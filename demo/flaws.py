"""What is wrong with every real address book, and how its quality grew over two months."""

import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import F, Func, Min, Value
from django.db.models.functions import Concat, Lower, Upper
from django.utils import timezone

from contacts.models import Company, Contact, ContactPoint, QualitySnapshot
from contacts.services.quality import take_snapshot
from core.registries import quality
from demo.copying import copy_rows
from demo.world import World

DAYS = 60
IMPROVED = 0.14
"""The part of sound records that was flawed when the two months began, at most; each measure has its own."""


def seed_flaws(world: World) -> None:
    """One in some dozens: names in capitals, countries in small letters, titles shouted, addresses that
    bounce; found by their place, so that the same seed makes the same data."""
    every = _placed(Contact, 97)
    every.filter(place=3).update(
        first_name=Upper("first_name"), last_name=Upper("last_name"), name=Upper("name")
    )
    every.filter(place=11).update(country=Lower("country"))
    every.filter(place=19).update(job_title=Upper("job_title"))
    every.filter(place=29).update(country="")
    every.filter(place=37).update(country="XX")
    points = _placed(ContactPoint, 89)
    points.filter(place=5, kind="email").update(bounced_at=world.now - timedelta(days=20))
    points.filter(place=13, kind="email").update(value=Concat(Value(" "), Upper("value")))
    points.filter(place=23, kind="phone").update(value="0123", normalised="0123")
    firms = _placed(Company, 23)
    firms.filter(place=4).update(name=Upper("name"))
    firms.filter(place=9).update(industry="")
    firms.filter(place=15).update(domain="")


def _placed(model: Any, step: int) -> Any:
    """The rows with their `place` from 0 to `step`, counted from the first: keys themselves differ."""
    first = model.objects.aggregate(first=Min("pk"))["first"] or 0
    return model.objects.annotate(place=Func(F("id") - first, Value(step), function="mod"))


def seed_quality(world: World) -> None:
    """Today's figures as they are, and the days before as if the data had been mended steadily."""
    today = timezone.localdate(world.now)
    for record_type in quality.record_types():
        take_snapshot(actor=None, record_type=record_type, day=today)
    now = list(QualitySnapshot.objects.filter(day=today, source__isnull=True))

    def rows() -> Iterator[tuple[Any, ...]]:
        for ago in range(1, DAYS + 1):
            for one in now:
                pace = zlib.crc32(one.measure.encode()) % 10
                was = IMPROVED * pace / 10 * (ago / DAYS) ** (0.5 + pace / 5)
                worse = int((one.records - one.flawed) * was)
                yield (
                    today - timedelta(days=ago), one.record_type, one.measure, one.team_id, one.records,
                    one.flawed + worse,
                )  # fmt: skip

    copy_rows(QualitySnapshot, ("day", "record_type", "measure", "team", "records", "flawed"), rows())
