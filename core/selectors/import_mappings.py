"""Mappings under a name: whose one may use, and which one fits a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from core.models import ImportMapping
from core.registries import imports
from core.scope.access import profile_for

LEAST_OF_MAPPING, LEAST_OF_FILE = 0.8, 0.5
"""The shares of a mapping's columns that a file has, and of the file's that it knows, to be proposed."""


def mappings_for(user: Any, target: str = "") -> QuerySet[ImportMapping]:
    """Mappings that somebody may use: one's own, and those that are shared."""
    rows: QuerySet[ImportMapping] = ImportMapping.objects.filter(Q(owner=user) | Q(shared=True))
    if target:
        rows = rows.filter(target=target)
    return rows.select_related("owner").order_by("name", "pk")


def fitting_mapping(user: Any, target: str, header: Sequence[str]) -> ImportMapping | None:
    """The mapping that knows most of the columns, one's own before others', where nearly all of its columns are
    there. `target` may be empty: any that the person may import into."""
    names, best = set(header), None
    for saved in mappings_for(user, target):
        known = set(saved.mapping.get("columns", {}))
        found = len(known & names)
        fits = found >= LEAST_OF_MAPPING * len(known) and found >= LEAST_OF_FILE * len(names)
        if not found or not fits or not _usable(user, saved):
            continue
        rank = (found, saved.owner_id == getattr(user, "pk", None), saved.pk)
        if best is None or rank > best[0]:
            best = rank, saved
    return best[1] if best else None


def _usable(user: Any, saved: ImportMapping) -> bool:
    target = imports.get(saved.target)
    return target is not None and (user is None or target.allowed(profile_for(user)))


@dataclass(frozen=True)
class ShownMapping:
    """A mapping as its page shows it."""

    saved: ImportMapping
    label: Any
    icon: str
    columns: list[tuple[str, Any]]
    own: bool


def shown_mappings(user: Any) -> list[ShownMapping]:
    """The mappings that the person may use, each with its columns and the fields they fill."""
    shown = []
    for saved in mappings_for(user):
        target = imports.get(saved.target)
        if target is None or not _usable(user, saved):
            continue
        fields = {item.key: item.label for item in target.visible_fields(profile_for(user))}
        columns = [(name, fields[key]) for name, key in saved.mapping["columns"].items() if key in fields]
        own = saved.owner_id == user.pk
        shown.append(ShownMapping(saved, target.label, target.icon, columns, own))
    return shown
