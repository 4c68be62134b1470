"""Custom fields in search: those that are flagged, as far as the searcher may see them."""

from typing import Any

from django.db.models import Q
from django.db.models.lookups import Contains

from core.custom_fields.cache import is_large, visible_definitions
from core.custom_fields.expressions import searched
from core.enums import CustomKind
from core.scope.access import profile_for

SHORTEST = 3
"""Fewer letters than a trigram can't be found by its index."""
SEARCHED = (CustomKind.TEXT, CustomKind.LONG_TEXT, CustomKind.NUMBER, CustomKind.CHOICE)


def custom_match(record_type: str, text: str, user: Any) -> Q | None:
    """The rows of which a searchable custom field holds `text`; None where there is nothing to look into.
    `user=None` is the system."""
    wanted = " ".join(text.lower().split())
    if len(wanted) < SHORTEST:
        return None
    profile = profile_for(user) if user is not None else None
    fields = [
        one
        for one in visible_definitions(record_type, profile).values()
        if one.searchable and one.value_kind in SEARCHED and (one.index_ready or not is_large(record_type))
    ]
    if not fields:
        return None
    found = Q()
    for one in fields:
        found |= Q(Contains(searched(one), wanted))
    return found
