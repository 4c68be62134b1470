"""The data quality page: the newest figures against targets and earlier days, in the viewer's scope."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, QuerySet, Sum
from django.utils.translation import gettext as _

from contacts.models import QualitySnapshot, QualityTarget
from contacts.quality.days import REST, TREND_DAYS
from core.conditions.rows_links import RowsLink
from core.models import Team
from core.registries import quality
from core.registries.quality import Measure
from core.scope.access import profile_for

NO_TEAM = "none"
"""Instead of a team's key: the records that belong to none."""


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
    """A measure as the page shows it, with the list of the flawed records; `trend` is (day, share of sound ones),
    oldest first."""

    measure: Measure
    link: RowsLink
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
    """A team or a source with its flaws, its share of sound values by dimension, and its part of the records;
    None for the rare sources that are counted together."""

    label: str
    records: int
    flawed: int
    shares: list[float | None]
    part: "Part | None"


@dataclass(frozen=True)
class Part:
    """The records of one team, of one source, or of both; an empty one is all of them. `team` is a key or NO_TEAM;
    `source` an empty text for records without one."""

    team: str | None = None
    source: str | None = None

    @classmethod
    def asked(cls, params: Mapping[str, str]) -> "Part":
        """The part that a URL asks for by `team` and `source`. Raises ValueError for what is no team."""
        team, source = params.get("team"), params.get("source")
        if (
            team is not None
            and team != NO_TEAM
            and not (team.isascii() and team.isdigit() and len(team) < 18)
        ):
            raise ValueError("team")
        return cls(team, source)

    @property
    def params(self) -> tuple[tuple[str, str], ...]:
        """The list's filters that leave the part."""
        found = []
        if self.team is not None:
            found.append(("team__empty", "1") if self.team == NO_TEAM else ("team", self.team))
        if self.source is not None:
            found.append(("source__is", self.source) if self.source else ("source__empty", "1"))
        return tuple(found)

    def of(self, rows: QuerySet[QualitySnapshot]) -> QuerySet[QualitySnapshot]:
        """The counts of the part: the split by source where a source is asked for, the teams' own else."""
        if self.team is not None:
            rows = rows.filter(team=None) if self.team == NO_TEAM else rows.filter(team=int(self.team))
        return rows.filter(source__isnull=True) if self.source is None else rows.filter(source=self.source)

    def fits(self, row: QualitySnapshot) -> bool:
        """Whether a count is of the part's team, or of any where none is asked for."""
        return self.team is None or self.team == (str(row.team_id) if row.team_id else NO_TEAM)

    def among(self, rows: Iterable[QualitySnapshot]) -> list[QualitySnapshot]:
        """`of` for counts that were read already."""
        return [row for row in rows if self.fits(row) and row.source == self.source]


EVERYTHING = Part()


@dataclass(frozen=True)
class QualityPage:
    """All figures of a record type, or of a part of its records. `day` is None until something was measured."""

    record_type: str
    day: date | None
    part: Part = EVERYTHING
    name: str = ""
    lines: list[MeasureLine] = field(default_factory=list)
    dimensions: list[tuple[str, Figure]] = field(default_factory=list)
    teams: list[GroupLine] = field(default_factory=list)
    sources: list[GroupLine] = field(default_factory=list)


def quality_of(user: Any, record_type: str, part: Part = EVERYTHING) -> QualityPage:
    """The page of a record type, or of a part of its records. A fixed number of queries, whatever there is."""
    seen = QualitySnapshot.objects.visible_to(user).filter(record_type=record_type)
    day = seen.aggregate(day=Max("day"))["day"]
    if day is None:
        return QualityPage(record_type, None)
    measures = quality.measures_for(record_type, profile_for(user).hidden_fields(record_type))
    trends = _trends(part.of(seen), day)
    targets = dict(QualityTarget.objects.filter(record_type=record_type).values_list("measure", "percent"))
    today = list(seen.filter(day=day, measure__in=[measure.key for measure in measures]))
    totals = _sums(part.among(today), lambda row: row.measure)
    lines = [
        MeasureLine(
            one,
            RowsLink(record_type, (*part.params, *one.params)),
            totals[one.key],
            targets.get(one.key, one.target),
            trends.get(one.key, []),
        )
        for one in measures
        if one.key in totals
    ]
    teams = _teams(replace(part, team=None).among(today), measures, part)
    by_source = [row for row in today if row.source is not None and part.fits(row)]
    sources = _sources(by_source, measures, part)
    return QualityPage(
        record_type, day, part, _name_of(part, teams), lines, _dimensions(lines), teams, sources
    )


def _name_of(part: Part, teams: list[GroupLine]) -> str:
    """The part in words."""
    team = next((line.label for line in teams if line.part and line.part.team == part.team), "")
    words = [team] if part.team is not None else []
    words += [part.source or _("No source")] if part.source is not None else []
    return " · ".join(word for word in words if word)


def _trends(seen: Any, day: date) -> dict[str, list[tuple[date, float]]]:
    groups = (
        seen.filter(day__gte=day - timedelta(days=TREND_DAYS))
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


def _teams(rows: list[QualitySnapshot], measures: list[Measure], part: Part) -> list[GroupLine]:
    names = dict(Team.objects.filter(pk__in={row.team_id for row in rows}).values_list("pk", "name"))
    lines = []
    for team_id, own in _grouped(rows, lambda row: row.team_id).items():
        here = replace(part, team=str(team_id) if team_id else NO_TEAM)
        lines.append(_group_line(names.get(team_id, _("No team")), own, measures, here))
    return sorted(lines, key=lambda line: (-line.records, line.label))


def _sources(rows: list[QualitySnapshot], measures: list[Measure], part: Part) -> list[GroupLine]:
    lines = []
    for source, own in _grouped(rows, lambda row: row.source).items():
        here = replace(part, source=source) if source != REST else None
        lines.append(_group_line(source or _("No source"), own, measures, here))
    return sorted(lines, key=lambda line: (-line.records, line.label))


def _grouped(rows: list[QualitySnapshot], key: Any) -> dict[Any, list[QualitySnapshot]]:
    found: dict[Any, list[QualitySnapshot]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _group_line(
    label: str, rows: list[QualitySnapshot], measures: list[Measure], part: Part | None
) -> GroupLine:
    dimension = {measure.key: measure.dimension for measure in measures}
    shares = _sums(rows, lambda row: dimension[row.measure])
    ordered = list(dict.fromkeys(measure.dimension for measure in measures))
    by_measure = _sums(rows, lambda row: row.measure)
    records = max((figure.records for figure in by_measure.values()), default=0)
    flawed = sum(figure.flawed for figure in by_measure.values())
    return GroupLine(
        label, records, flawed, [shares[d].share if d in shares else None for d in ordered], part
    )
