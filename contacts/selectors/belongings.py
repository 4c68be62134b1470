"""How much hangs on records that are to be merged: it tells people which of them is the one in use."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from core.registries import records, relinkers


def belongings_of(found: Sequence[Any], user: Any) -> dict[int, list[tuple[str, int]]]:
    """For each record (all of one type) how many deals, tickets… in the person's scope hang on it, after
    their name. One query for each type that has pages of its own and a registered link to the record's."""
    said: dict[int, list[tuple[str, int]]] = {one.pk: [] for one in found}
    for record_type, link in _links(found[0].__class__):
        rows = record_type.visible_to(user).filter(**{f"{link}__in": list(said)})
        for owner, number in rows.order_by().values_list(link).annotate(Count("pk")):
            said[owner].append((str(record_type.plural), number))
    return said


def _links(model: Any) -> list[tuple[records.RecordType, str]]:
    columns = {one.model: one.field for one in relinkers.relinkers_of(model) if not one.type_field}
    return [(one, columns[one.model]) for one in records.all_types() if one.list_url and one.model in columns]
