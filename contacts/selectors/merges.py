"""Reading merges: old ids, the list of merges, and what they keep of a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from contacts.models import Alias, MergeLog, MergeStep


def live_ids(record_type: str, ids: Sequence[int]) -> dict[int, int]:
    """The live id of each of `ids` that was merged away."""
    rows = Alias.objects.filter(record_type=record_type, old_id__in=ids)
    return dict(rows.values_list("old_id", "live_id"))


def merged_ids(record_type: str, live_id: int) -> list[int]:
    """The ids that now mean `live_id`, oldest first."""
    rows = Alias.objects.filter(record_type=record_type, live_id=live_id)
    return list(rows.order_by("old_id").values_list("old_id", flat=True))


def old_ids(record_type: str) -> QuerySet[Any]:
    """All ids of the type that were merged away."""
    return Alias.objects.filter(record_type=record_type).values("old_id")


def by_old_external_id(model: Any, external_ids: Sequence[str]) -> dict[str, int]:
    """The live id of records that were merged away and had one of the external ids: an import that brings
    the old key means the record that lives."""
    rows = model.all_objects.filter(external_id__in=[text for text in external_ids if text])
    merged = rows.filter(pk__in=old_ids(model.record_type)).order_by("-pk").values_list("external_id", "pk")
    found = dict(merged)
    live = live_ids(model.record_type, list(found.values())) if found else {}
    return {text: live[pk] for text, pk in found.items() if pk in live}


def merges_for(user: Any) -> QuerySet[MergeLog]:
    """The merges of records that the person may see, newest first."""
    rows: QuerySet[MergeLog] = MergeLog.objects.visible_to(user).order_by("-pk")
    return rows.select_related("contact", "company", "actor", "undone_by")


def names_of(log: MergeLog, names: Mapping[tuple[str, int], str]) -> tuple[str, list[str]]:
    """(the survivor, those that were merged into it) by name."""
    survivor = names.get((log.record_type, log.survivor_id), f"#{log.survivor_id}")
    return survivor, [names.get((log.record_type, pk), f"#{pk}") for pk in log.merged_ids]


def steps_about(contact_id: int) -> QuerySet[MergeStep]:
    """What merges keep of a person: of merges that they took part in, and rows of theirs that the merge of
    two companies took away."""
    took_part = Q(log__contact_id=contact_id) | Q(log__record_type="contact") & (
        Q(log__survivor_id=contact_id) | Q(log__merged_ids__contains=[contact_id])
    )
    return MergeStep.objects.filter(took_part | Q(log__record_type="company", before__contact_id=contact_id))
