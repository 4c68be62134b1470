"""Measures of data quality. A measure is a filter of a list: the records that it finds are those to mend, so
that what is counted and what is mended can't differ. An app that registers a criterion registers a measure
with it."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from core.conditions.criteria import criteria_for
from core.conditions.rows_links import RowsLink


class Dimension(StrEnum):
    """What kind of flaw a measure looks for."""

    COMPLETENESS = "completeness"
    VALIDITY = "validity"
    STALENESS = "staleness"
    DUPLICATES = "duplicates"


@dataclass(frozen=True)
class Measure:
    """`params` are the list's filters that find the flawed records; `target` is the share of sound ones, in
    percent, that is wanted until an administrator says otherwise."""

    key: str
    record_type: str
    label: str | Promise
    dimension: Dimension
    params: tuple[tuple[str, str], ...]
    target: int = 90
    order: int = 100

    @property
    def link(self) -> RowsLink:
        return RowsLink(self.record_type, self.params)

    def criterion_keys(self) -> list[str]:
        return [name.partition("__")[0] for name, _value in self.params]


_measures: dict[tuple[str, str], Measure] = {}


def register(*measures: Measure) -> None:
    for measure in measures:
        _measures[measure.record_type, measure.key] = measure


def measures_for(record_type: str, hidden: frozenset[str] = frozenset()) -> list[Measure]:
    """The measures whose filters exist and look at no hidden field, in their order."""
    criteria = criteria_for(record_type)
    known = {key for key, criterion in criteria.items() if criterion.hidden_by not in hidden}
    found = [m for (kind, _key), m in _measures.items() if kind == record_type]
    return sorted((m for m in found if known.issuperset(m.criterion_keys())), key=lambda m: (m.order, m.key))


def record_types() -> list[str]:
    return sorted({record_type for record_type, _key in _measures}, reverse=True)
