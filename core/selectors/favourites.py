"""What a person starred and follows."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from core.models import Favourite, User
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


def marks_of(user: Any) -> QuerySet[Favourite]:
    """A person's marks on records that they may still see."""
    own: QuerySet[Favourite] = Favourite.objects.visible_to(user).filter(Q(starred=True) | Q(following=True))
    seen = Q(pk__in=[])
    for key in own.order_by().values_list("record_type", flat=True).distinct():
        if records.known(key):
            visible = records.get(key).visible_to(user).values("pk")
            seen |= Q(record_type=key, object_id__in=visible)
    return own.filter(seen)


def names_of(marks: Iterable[Favourite], user: Any) -> dict[tuple[str, int], str]:
    """What the marked records are called, by type and id; one query a type."""
    ids: dict[str, list[int]] = defaultdict(list)
    for mark in marks:
        ids[mark.record_type].append(mark.object_id)
    return {
        (key, record.pk): str(record)
        for key, numbers in ids.items()
        for record in records.get(key).visible_to(user).filter(pk__in=numbers)
    }


def followers_of(record: Any, user: Any) -> QuerySet[User]:
    """Who follows a record, of the people whom `user` may see."""
    marks = Favourite.objects.filter(record_type=record.record_type, object_id=record.pk, following=True)
    people: QuerySet[User] = User.objects.visible_to(user)
    return people.filter(pk__in=marks.values("user"), is_active=True)
