"""The scan of everything for duplicates: resumable, in bounded memory, each pair written once."""

import time
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.enums import PairState
from contacts.matching.comparing import ScoredPair, candidate_pairs, frozen_columns, scored_chunks
from contacts.matching.groups import groups_of
from contacts.matching.kinds import KINDS
from contacts.models import MatchingSettings
from contacts.selectors.duplicates import PAIRS, settings_for
from contacts.selectors.matching_rows import MODELS, all_records
from core.jobs.memory import peak_bytes
from core.jobs.running import JobRun
from core.services.base import SYSTEM, service

WRITE = 2000


def scan(run: JobRun) -> None:
    """Compare all records of the kinds asked for. Goes on after the last pair that a killed worker had written;
    what is there is what an undisturbed scan would have left."""
    totals = {"records": 0, "compared": 0, "pairs": 0, "gone": 0}
    for kind in run.params.get("kinds") or list(KINDS):
        if kind in run.checkpoint.get("finished", []):
            continue
        started = time.monotonic()
        for name, number in _scan_kind(run, kind).items():
            totals[name] += number
        run.finish_with(**{f"{kind}_seconds": round(time.monotonic() - started, 1)})
    run.finish_with(**totals, megabytes=peak_bytes() // 2**20)


def _scan_kind(run: JobRun, kind: str) -> dict[str, int]:
    if run.checkpoint.get("kind") != kind:
        run.save_checkpoint(kind=kind, seen_at=timezone.now().isoformat(), after=0)
    seen_at = datetime.fromisoformat(run.checkpoint["seen_at"])
    frozen = _load(run, kind)
    pairs = candidate_pairs(
        frozen, lambda name: run.progress(run.job.done, message=_("Looking for likely pairs"))
    )
    compared, written = len(pairs), 0
    for last_id, done, found in scored_chunks(KINDS[kind], frozen, pairs, after=run.checkpoint["after"]):
        with transaction.atomic():
            write_pairs(actor=SYSTEM, kind=kind, pairs=found, seen_at=seen_at)
            run.save_checkpoint(after=last_id)
        written += len(found)
        run.progress(done, compared, _("Comparing"))
    with transaction.atomic():
        gone = _close(kind, frozen, seen_at)
        run.save_checkpoint(finished=[*run.checkpoint.get("finished", []), kind], kind="")
    return {"records": len(frozen), "compared": compared, "pairs": written, "gone": gone}


def _load(run: JobRun, kind: str) -> Any:
    columns = KINDS[kind].columns()
    total = MODELS[kind].objects.count()
    for records in all_records(kind):
        for record in records:
            columns.add(record)
        run.progress(len(columns), max(total, len(columns)), _("Reading"))
    frozen = columns.freeze()
    run.progress(0, total, _("Looking for likely pairs"))
    return frozen


@service
def write_pairs(*, actor: Any, kind: str, pairs: list[ScoredPair], seen_at: datetime) -> None:
    """Insert or refresh pairs; what people decided about them stays."""
    model = PAIRS[kind]
    model.objects.bulk_create(
        [
            model(a_id=pair.a, b_id=pair.b, score=pair.score, levels=pair.levels, seen_at=seen_at)
            for pair in pairs
        ],
        batch_size=WRITE,
        update_conflicts=True,
        unique_fields=["a", "b"],
        update_fields=["score", "levels", "seen_at", "updated_at"],
    )


@service
def compare_here(*, actor: Any) -> int:
    """Compare everything in one go, without a job: for installations that are small. Returns the pairs found."""
    seen_at, written = timezone.now(), 0
    for name, kind in KINDS.items():
        frozen = frozen_columns(kind, [record for records in all_records(name) for record in records])
        for _last, _done, found in scored_chunks(kind, frozen, candidate_pairs(frozen)):
            write_pairs(actor=actor, kind=name, pairs=found, seen_at=seen_at)
            written += len(found)
        _close(name, frozen, seen_at)
    return written


def _close(kind: str, frozen: Any, seen_at: datetime) -> int:
    """Drop open pairs that are no longer likely, and keep what was learnt of the population."""
    model = PAIRS[kind]
    gone, _by_model = model.objects.filter(state=PairState.OPEN, seen_at__lt=seen_at).delete()
    live = model.objects.filter(state=PairState.MERGED, seen_at=seen_at)
    live.filter(a__deleted_at=None, b__deleted_at=None).update(state=PairState.OPEN)
    population = asdict(frozen.population)
    MatchingSettings.objects.update_or_create(
        kind=kind, defaults={"population": population, "scanned_at": timezone.now()}
    )
    return int(gone)


def safe_groups(kind: str) -> list[list[int]]:
    """Groups of records that a job may merge: joined by safe pairs, every pair within at least worth showing,
    none dismissed, and nothing in any pair that speaks clearly against it."""
    settings = settings_for(kind)
    rows = PAIRS[kind].objects.filter(
        state=PairState.OPEN, score__gte=settings.review, a__deleted_at=None, b__deleted_at=None
    )
    likeness: dict[tuple[int, int], float] = {}
    for a, b, score, levels in rows.values_list("a_id", "b_id", "score", "levels").iterator(chunk_size=5000):
        if not conflicts(levels):
            likeness[a, b] = score
    return groups_of(likeness, join=settings.safe, hold=settings.review)


def conflicts(levels: dict[str, str]) -> list[str]:
    """What makes a pair one for people to decide, however likely it is: names of levels."""
    steps = {f"{name}={level}" for name, level in levels.items()}
    found = sorted(steps & UNSAFE)
    numbers = {levels.get("mobile"), levels.get("phone")}
    if levels.get("email") == "different" and "different" in numbers and not numbers & AGREEING:
        found.append("email and phone different")
    return found


AGREEING = frozenset({"same", "several", "shared", "digit"})
UNSAFE = frozenset(
    {
        "birthday=different", "birthday=near", "generation=conflict", "generation=one", "salutation=conflict",
        "given=different", "given=gender", "given=middle", "given=missing", "surname=missing", "name=different",
        "name=missing", "domain=different", "legal=different", "country=different",
    }
)  # fmt: skip
