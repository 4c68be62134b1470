"""Pairs of a record that has just been made: its page says at once who it may be, the nightly scan says it again."""

from typing import Any

from django.utils import timezone

from contacts.matching.comparing import FLOOR, ScoredPair
from contacts.selectors.candidates import LIVE
from contacts.selectors.duplicates import matches
from contacts.selectors.matching_rows import READERS, these
from contacts.services.duplicate_scans import write_pairs
from core.services.base import service


@service
def note_duplicates(*, actor: Any, kind: str, record_id: int) -> int:
    """Compare one record with the known ones and keep the pairs, as a scan would; returns how many. What people
    decided about a pair stays."""
    records = READERS[kind](these([record_id]))
    if not records:
        return 0
    (found,) = matches(kind, records, LIVE[kind].objects.all(), at_least=FLOOR)
    pairs = [
        ScoredPair(min(pair.a, record_id), max(pair.a, record_id), pair.score, pair.levels) for pair in found
    ]
    write_pairs(actor=actor, kind=kind, pairs=pairs, seen_at=timezone.now())
    return len(pairs)
