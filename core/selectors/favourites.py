"""What a person starred and follows."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from core.models import Favourite
from core.registries import records
from core.registries.records import RecordType

IN_SIDEBAR = 8


def marks_for_page(user: Any, record: Any) -> tuple[Favourite | None, list[Favourite]]:
    """The marks on `record`, and everything starred, newest first; one query."""
    here = Q(record_type=record.record_type, object_id=record.pk)
    rows = list(Favourite.objects.filter(Q(starred=True) | here, user=user).order_by("-pk")[:200])
    mark = next((r for r in rows if (r.record_type, r.object_id) == (record.record_type, record.pk)), None)
    return mark, [row for row in rows if row.starred]


def starred_by(user: Any) -> list[Favourite]:
    """The newest stars of a person."""
    return list(Favourite.objects.filter(user=user, starred=True).order_by("-pk")[:IN_SIDEBAR])


def starred_records(user: Any, starred: Iterable[Favourite]) -> list[tuple[RecordType, Any]]:
    """The starred records that the person may still see, with their types; one query a type."""
    wanted = list(starred)[:IN_SIDEBAR]
    ids: dict[str, list[int]] = defaultdict(list)
    for mark in wanted:
        if records.known(mark.record_type):
            ids[mark.record_type].append(mark.object_id)
    found = {
        (key, record.pk): record
        for key, numbers in ids.items()
        for record in records.get(key).visible_to(user).filter(pk__in=numbers)
    }
    keys = [(mark.record_type, mark.object_id) for mark in wanted]
    return [(records.get(key[0]), found[key]) for key in keys if key in found]
