"""What a record may be merged with: what looks like it, and what a search finds."""

from dataclasses import dataclass
from typing import Any

from contacts.matching.words import sentence
from contacts.selectors.duplicates import pairs_of, reasons_for
from contacts.selectors.merge_pages import mergeable
from core.registries import records

MOST = 12


@dataclass(frozen=True)
class Other:
    """A record that may be chosen, with what tells it from others."""

    record: Any
    hint: str
    percent: int = 0


def others_for(record: Any, user: Any, text: str) -> list[Other]:
    """Records of the same type that the person may merge: by a search, without one the open pairs."""
    found = _found(record, user, text) if text else _alike(record, user)
    allowed = {one.pk: one for one in mergeable(record.__class__, list(found), user)}
    return [Other(allowed[pk], *found[pk]) for pk in found if pk in allowed]


def _found(record: Any, user: Any, text: str) -> dict[int, tuple[str, int]]:
    search = records.of(record).search
    hits = search(user, text, MOST + 1) if search is not None else []
    return {hit.object_id: (hit.subtitle, 0) for hit in hits if hit.object_id != record.pk}


def _alike(record: Any, user: Any) -> dict[int, tuple[str, int]]:
    kind = records.of(record).key
    found = {}
    for pair in pairs_of(user, kind, record.pk, MOST):
        other = pair.b if pair.a_id == record.pk else pair.a
        why = sentence(reasons_for(user, kind, pair.levels, pair.a, pair.b))
        found[other.pk] = (why, min(round(pair.score * 100), 99))
    return found
