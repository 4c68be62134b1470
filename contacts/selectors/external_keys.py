"""Whom other programs' keys mean, beside the external id that stands on the record itself."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contacts.models import ExternalKey
from contacts.selectors.merges import by_old_external_id, live_ids
from core.expressions import Among
from core.importing.keys import namespace_of


def by_further_key(model: Any, keys: Sequence[str]) -> dict[str, int]:
    """The live record of each key that no record has as its external id: by a key beside it, or by that of
    a record that was merged away."""
    if not keys:
        return {}
    record_type = model.record_type
    rows = ExternalKey.objects.filter(Among("key", keys), record_type=record_type)
    found = dict(rows.values_list("key", "object_id"))
    live = live_ids(record_type, list(found.values())) if found else {}
    found = {key: live.get(pk, pk) for key, pk in found.items()}
    here = (
        set(model.objects.filter(Among("pk", found.values())).values_list("pk", flat=True)) if found else ()
    )
    return by_old_external_id(model, keys) | {key: pk for key, pk in found.items() if pk in here}


def programs_of(model: Any, ids: Iterable[int]) -> Mapping[int, set[str]]:
    """The programs that have a key for the records, beside that of their external id."""
    found: dict[int, set[str]] = {}
    rows = ExternalKey.objects.filter(Among("object_id", ids), record_type=model.record_type)
    for pk, key in rows.values_list("object_id", "key"):
        found.setdefault(pk, set()).add(namespace_of(key))
    return found
