"""Tables whose rows say something about records of a type, and how to find those records from a changed row."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from core.conditions.criteria import RELATIVE, Criterion, Kind


@dataclass(frozen=True)
class Source:
    """`touched` is SQL that selects the ids of the records from `{rows}`, the changed rows of `table`.

    `inserted` is the same for new rows, where less can hang on a row that has just come (empty: nothing can;
    default: `touched`). It keeps bulk loads from joining what can't be there yet.
    """

    table: str
    touched: str
    inserted: str | None = None


_sources: dict[str, dict[str, Source]] = defaultdict(dict)


def register_sources(record_type: str, *sources: Source) -> None:
    for source in sources:
        _sources[record_type][source.table] = source


def sources_for(record_type: str) -> dict[str, Source]:
    return dict(_sources[record_type])


def tables_of(criterion: Criterion, model: type[Model]) -> frozenset[str]:
    """The tables whose change may turn the criterion; empty where nobody has said."""
    if criterion.build is not None or criterion.figure is not None:
        return frozenset(criterion.moved_by)
    return frozenset({*criterion.moved_by, *_tables_on(model, criterion.path)})


def _tables_on(model: type[Model], path: str) -> list[str]:
    tables = [model._meta.db_table]
    here: Any = model
    steps = path.split("__")
    for step in steps[:-1]:
        try:
            field = here._meta.get_field(step)
        except FieldDoesNotExist:
            break
        if not field.is_relation or field.related_model is None:
            break
        here = field.related_model
        tables.append(here._meta.db_table)
    return tables


def may_turn_unseen(criterion: Criterion, op: str) -> bool:
    """Whether time alone may turn the comparison without anybody having said when."""
    if criterion.kind != Kind.DATE or op not in RELATIVE:
        return False
    return criterion.build is not None and criterion.turns is None
