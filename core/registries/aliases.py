"""Old ids of records that were merged into others: an app says how they are resolved.

Pages, the API and the recycle bin ask here, so that an old link leads to the live record for ever.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import Http404

Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class AliasSource:
    """`live(record_type, ids)` are the live ids of those that were merged away (one hop: chains are kept
    resolved); `merged(record_type, live_id)` are the ids that now mean `live_id`; `old(record_type)` is a
    query of all old ids."""

    live: Callable[[str, Sequence[int]], dict[int, int]]
    merged: Callable[[str, int], list[int]]
    old: Callable[[str], QuerySet[Any]]


_sources: dict[str, AliasSource] = {}


class RecordMoved(Http404):
    """The record was merged: `live_id` is where it goes on, and the asker may see it."""

    def __init__(self, record_type: str, old_id: int, live_id: int) -> None:
        super().__init__(f"{record_type} {old_id} is now {live_id}")
        self.record_type, self.old_id, self.live_id = record_type, old_id, live_id


def register(source: AliasSource, *record_types: str) -> None:
    _sources.update(dict.fromkeys(record_types, source))


def mergeable_types() -> list[str]:
    """The record types whose records may be merged."""
    return list(_sources)


def live_ids(record_type: str, ids: Sequence[int]) -> dict[int, int]:
    """The live id of each of `ids` that was merged away; the others are left out. One query at most."""
    source = _sources.get(record_type)
    return source.live(record_type, ids) if source is not None and ids else {}


def live_id(record_type: str, object_id: int) -> int:
    """The id under which the record goes on: `object_id` itself unless it was merged away."""
    return live_ids(record_type, [object_id]).get(object_id, object_id)


def current_ids(record_type: str, ids: Sequence[int]) -> list[int]:
    """The ids under which the records go on, in their order, each once: how stored lists of ids are read. One
    query for types that are merged, none for others."""
    live = live_ids(record_type, ids)
    return list(dict.fromkeys(live.get(pk, pk) for pk in ids))


def merged_ids(record_type: str, object_id: int) -> list[int]:
    """The ids of the records that were merged into `object_id`, chains included."""
    source = _sources.get(record_type)
    return source.merged(record_type, object_id) if source is not None else []


def without_merged(record_type: str, rows: Rows) -> Rows:
    """`rows` without those that were merged into others: in the recycle bin they are not to be restored."""
    source = _sources.get(record_type)
    return rows.exclude(pk__in=source.old(record_type)) if source is not None else rows


def missing(record_type: str, object_id: int, visible: QuerySet[Any]) -> Http404:
    """What to raise for a record that is not there: where it was merged into one of the `visible` rows, that
    is where to go."""
    live = live_id(record_type, object_id)
    if live != object_id and visible.filter(pk=live).exists():
        return RecordMoved(record_type, object_id, live)
    return Http404()
