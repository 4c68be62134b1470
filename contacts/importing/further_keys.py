"""Records that several programs know: each program's key leads to them, and none takes another's place."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from contacts.models import ExternalKey
from contacts.selectors.external_keys import programs_of
from core.importing.bulk import copy_rows
from core.importing.keys import EXTERNAL_ID, namespace_of
from core.importing.rows import Row
from core.importing.targets import Applied

FURTHER = "further_key"


def keep_own_key(row: Row, columns: dict[str, Any], current: Mapping[str, Any]) -> None:
    """Another program's key does not replace the one that stands on the record; it is kept beside it."""
    new, own = columns.get(EXTERNAL_ID, ""), current.get(EXTERNAL_ID, "")
    if own and new and new != own and namespace_of(new) != namespace_of(own):
        row.extras[FURTHER] = columns.pop(EXTERNAL_ID)


def add_further_keys(applied: Applied, model: Any) -> None:
    """Write the keys that were kept aside, each once."""
    wanted = {row.extras[FURTHER]: pk for row, pk in applied.everything if FURTHER in row.extras}
    if not wanted:
        return
    rows = ExternalKey.objects.filter(record_type=model.record_type, key__in=list(wanted))
    there = set(rows.values_list("key", flat=True))
    now = timezone.now()
    copy_rows(
        ExternalKey,
        ("created_at", "updated_at", "record_type", "key", "object_id"),
        [(now, now, model.record_type, key, pk) for key, pk in wanted.items() if key not in there],
    )


class Strangers:
    """Whether a record whose external id is another program's may be what a row of this program means: not
    where this program has a key of its own for it."""

    def __init__(self, model: Any, candidates: Iterable[tuple[int, str]], wanted: Iterable[str]) -> None:
        spaces = {namespace_of(key) for key in wanted if key}
        others = [pk for pk, own in candidates if own and spaces - {namespace_of(own)}]
        self._programs = programs_of(model, others) if others else {}

    def may_be(self, pk: int, own: str, wanted: str) -> bool:
        """`own` is the record's external id, `wanted` the row's (empty: it has none)."""
        if not wanted or own in ("", wanted):
            return True
        space = namespace_of(wanted)
        return namespace_of(own) != space and space not in self._programs.get(pk, ())
