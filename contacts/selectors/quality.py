"""The data quality page: the newest figures against targets and earlier days, in the viewer's scope."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from contacts.models import QualitySnapshot, QualityTarget
from core.models import Team
from core.registries import quality
from core.registries.quality import Measure
from core.scope.access import profile_for

TREND_DAYS = 60


@dataclass(frozen=True)
class Figure:
    """Sound and flawed records of a measure, or of several together."""

    records: int
    flawed: int

    @property
    def share(self) -> float | None:
        """The part of sound ones; None without records."""
        return (self.records - self.flawed) / self.records if self.records else None


@dataclass(frozen=True)
class MeasureLine:
    """A measure as the page shows it; `trend` is (day, share of sound ones), oldest first."""

    measure: Measure
    figure: Figure
    target: int
    trend: list[tuple[date, float]]

    @property
    def met(self) -> bool:
        share = self.figure.share
        return share is None or share * 100 >= self.target

    @property
    def change(self) -> float | None:
        """Percentage points since the first day of the trend."""
        return (self.trend[-1][1] - self.trend[0][1]) * 100 if len(self.trend) > 1 else None


@dataclass(frozen=True)
class GroupLine:
    """A team or a source with its share of sound values by dimension, and the list of its records."""

    label: str
    records: int
    shares: list[float | None]
    params: dict[str, str]


@dataclass(frozen=True)
class QualityPage:
    """All figures of a record type. `day` is None until something was measured."""

    record_type: str
    day: date | None
    lines: list[MeasureLine] = field(default_factory=list)
    dimensions: list[tuple[str, Figure]] = field(default_factory=list)
    teams: list[GroupLine] = field(default_factory=list)
    sources: list[GroupLine] = field(default_factory=list)


def quality_of(user: Any, record_type: str) -> QualityPage:
    """The page of a record type. A fixed number of queries, whatever there is."""
    seen = QualitySnapshot.objects.visible_to(user).filter(record_type=record_type)
    day = seen.aggregate(day=Max("day"))["day"]
    if day is None:
        return QualityPage(record_type, None)
    measures = quality.measures_for(record_type, profile_for(user).hidden_fields(record_type))
    trends = _trends(seen, day)
    targets = dict(QualityTarget.objects.filter(record_type=record_type).values_list("measure", "percent"))
    rows = [row for row in seen.filter(day=day) if row.measure in {m.key for m in measures}]
    totals = _sums([row for row in rows if row.source is None], lambda row: row.measure)
    lines = [
        MeasureLine(one, totals[one.key], targets.get(one.key, one.target), trends.get(one.key, []))
        for one in measures
        if one.key in totals
    ]
    return QualityPage(
        record_type,
        day,
        lines,
        _dimensions(lines),
        _teams([row for row in rows if row.source is None], measures),
        _sources([row for row in rows if row.source is not None], measures),
    )


def _trends(seen: Any, day: date) -> dict[str, list[tuple[date, float]]]:
    groups = (
        seen.filter(source__isnull=True, day__gte=day - timedelta(days=TREND_DAYS))
        .order_by()
        .values_list("measure", "day")
        .annotate(records=Sum("records"), flawed=Sum("flawed"))
        .order_by("measure", "day")
    )
    found: dict[str, list[tuple[date, float]]] = defaultdict(list)
    for measure, on, records, flawed in groups:
        found[measure].append((on, (records - flawed) / records if records else 1.0))
    return found


def _sums(rows: list[QualitySnapshot], key: Any) -> dict[Any, Figure]:
    found: dict[Any, Figure] = {}
    for row in rows:
        before = found.get(key(row), Figure(0, 0))
        found[key(row)] = Figure(before.records + row.records, before.flawed + row.flawed)
    return found


def _dimensions(lines: list[MeasureLine]) -> list[tuple[str, Figure]]:
    """Each dimension's values together: a record counts once for each of its measures."""
    found: dict[str, Figure] = {}
    for line in lines:
        before = found.get(line.measure.dimension, Figure(0, 0))
        found[line.measure.dimension] = Figure(
            before.records + line.figure.records, before.flawed + line.figure.flawed
        )
    return list(found.items())


def _teams(rows: list[QualitySnapshot], measures: list[Measure]) -> list[GroupLine]:
    names = dict(Team.objects.filter(pk__in={row.team_id for row in rows}).values_list("pk", "name"))
    lines = []
    for team_id, own in _grouped(rows, lambda row: row.team_id).items():
        params = {"team": str(team_id)} if team_id else {"team__empty": "1"}
        lines.append(_group_line(names.get(team_id, _("No team")), own, measures, params))
    return sorted(lines, key=lambda line: (-line.records, line.label))


def _sources(rows: list[QualitySnapshot], measures: list[Measure]) -> list[GroupLine]:
    lines = []
    for source, own in _grouped(rows, lambda row: row.source).items():
        params = {"source__is": source} if source else {"source__empty": "1"}
        lines.append(_group_line(source or _("No source"), own, measures, params))
    return sorted(lines, key=lambda line: (-line.records, line.label))


def _grouped(rows: list[QualitySnapshot], key: Any) -> dict[Any, list[QualitySnapshot]]:
    found: dict[Any, list[QualitySnapshot]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _group_line(
    label: str, rows: list[QualitySnapshot], measures: list[Measure], params: dict[str, str]
) -> GroupLine:
    dimension = {measure.key: measure.dimension for measure in measures}
    shares = _sums(rows, lambda row: dimension[row.measure])
    ordered = list(dict.fromkeys(measure.dimension for measure in measures))
    by_measure = _sums(rows, lambda row: row.measure)
    records = max((figure.records for figure in by_measure.values()), default=0)
    return GroupLine(label, records, [shares[d].share if d in shares else None for d in ordered], params)
