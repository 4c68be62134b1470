"""Counting the quality of the data, and saying what is wanted of it."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils import timezone

from contacts.models import QualitySnapshot, QualityTarget
from contacts.quality.criteria import counting_by_team
from contacts.quality.days import REST, split_to_drop
from core.enums import Action
from core.models import Job
from core.registries import quality, records
from core.registries.quality import Measure
from core.services.base import require, service
from core.services.jobs import enqueue_job

KIND = "contacts.measure_quality"
AUDIT = "contacts.audit_quality"
SOURCES_KEPT = 40
"""Records of rarer sources are counted together."""


@service
def start_measuring(*, actor: Any, wake: bool = True) -> Job:
    """Queue a count of everything; the one under way, if there is one. Raises NotAllowed."""
    require(actor, "quality", Action.ADD)
    under_way = Job.objects.filter(kind=KIND, state__in=("queued", "running")).first()
    if under_way is not None:
        return under_way
    job: Job = enqueue_job(actor=actor, kind=KIND, wake=wake)
    return job


@service
def start_audit(*, actor: Any, wake: bool = True) -> Job:
    """Queue the report to everybody about their own records. Raises NotAllowed."""
    require(actor, "quality", Action.CHANGE)
    job: Job = enqueue_job(actor=actor, kind=AUDIT, wake=wake)
    return job


@service
def take_snapshot(*, actor: Any, record_type: str, day: date | None = None) -> int:
    """Count every measure over all records of a type, by team and source, as the figures of `day` (default:
    today), in one pass over the table. Doing it again replaces the day. Returns the number of records."""
    day = day or timezone.localdate()
    measures = quality.measures_for(record_type)
    rows = records.get(record_type).model.objects.all()  # type: ignore[attr-defined]
    with counting_by_team():
        counts = {f"m{n}": Count("pk", filter=one.link.condition(None)) for n, one in enumerate(measures)}
    groups = list(rows.order_by().values("team_id", "source").annotate(records=Count("pk"), **counts))
    QualitySnapshot.objects.filter(record_type=record_type, day=day).delete()
    QualitySnapshot.objects.filter(split_to_drop(day), record_type=record_type).delete()
    QualitySnapshot.objects.bulk_create(
        [*_by_team(day, record_type, measures, groups), *_by_source(day, record_type, measures, groups)],
        batch_size=2000,
    )
    return sum(group["records"] for group in groups)


@service
def set_target(*, actor: Any, measure: Measure, percent: int) -> QualityTarget:
    """Say which share of sound records is wanted. Raises NotAllowed, ValidationError."""
    require(actor, "quality", Action.CHANGE)
    found = QualityTarget.objects.filter(record_type=measure.record_type, measure=measure.key).first()
    target = found or QualityTarget(record_type=measure.record_type, measure=measure.key)
    target.percent = percent
    target.full_clean()
    target.save()
    return target


def _by_team(
    day: date, record_type: str, measures: list[Measure], groups: list[dict[str, Any]]
) -> list[QualitySnapshot]:
    return _summed(day, record_type, measures, groups, lambda group: (group["team_id"], None))


def _by_source(
    day: date, record_type: str, measures: list[Measure], groups: list[dict[str, Any]]
) -> list[QualitySnapshot]:
    """Sources that differ in capitals alone are one, as they are to the lists' filter; it is called by the
    spelling that most records have."""
    spellings: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for group in groups:
        spellings[group["source"].upper()][group["source"]] += group["records"]
    names = {key: min(counted, key=lambda word: (-counted[word], word)) for key, counted in spellings.items()}
    largest = sorted(spellings, key=lambda key: (-sum(spellings[key].values()), key))
    kept = {key: names[key] for key in largest[:SOURCES_KEPT]}
    return _summed(
        day,
        record_type,
        measures,
        groups,
        lambda group: (group["team_id"], kept.get(group["source"].upper(), REST)),
    )


def _summed(
    day: date, record_type: str, measures: list[Measure], groups: list[dict[str, Any]], place: Any
) -> list[QualitySnapshot]:
    found: dict[tuple[str, Any], QualitySnapshot] = {}
    for group in groups:
        team_id, source = place(group)
        for number, measure in enumerate(measures):
            row = found.setdefault(
                (measure.key, (team_id, source)),
                QualitySnapshot(
                    day=day, record_type=record_type, measure=measure.key, team_id=team_id, source=source,
                    records=0, flawed=0,
                ),
            )  # fmt: skip
            row.records += group["records"]
            row.flawed += group[f"m{number}"]
    return list(found.values())
