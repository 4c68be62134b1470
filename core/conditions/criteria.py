"""Criteria: what may be asked of a record type. An app registers them; nothing else reaches SQL."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

if TYPE_CHECKING:
    from core.conditions.figures import Figure


class Kind(StrEnum):
    """What kind of value a criterion compares; it decides the operators."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    REF = "ref"  # ids of records of `ref_type`


OPERATORS: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("contains", "is", "is_not", "starts", "empty", "not_empty"),
    Kind.CHOICE: ("in", "not_in", "empty", "not_empty"),
    Kind.NUMBER: ("is", "gte", "lte", "gt", "lt", "between", "empty", "not_empty"),
    Kind.DATE: (
        "after",
        "before",
        "on",
        "between",
        "in_last",
        "not_in_last",
        "in_next",
        "empty",
        "not_empty",
    ),
    Kind.BOOL: ("is",),
    Kind.REF: ("in", "not_in", "empty", "not_empty"),
}
VALUELESS = ("empty", "not_empty")
RELATIVE = ("in_last", "not_in_last", "in_next")
"""Comparisons with now: time alone turns them."""


@dataclass(frozen=True)
class Criterion:
    """Something that can be asked. `path` is an ORM path; `build(op, value, user)` makes the Q where a path
    can't (to-many relations: use `pk__in` of a subquery, so that rows never double).

    `choices()` are (value, label) pairs; `spelt(text)` is the value that somebody means who writes it otherwise,
    None for what nothing is called (it is then not held against the choices). `also` are comparisons that links and
    rules may hold beside those that are offered, `hint` an example of what to type.
    `field` names the record's field for hidden-field checks (default: the first step of the path), `discloses` the
    (record type, field) pairs elsewhere whose values an answer tells: where one of them is hidden from somebody,
    the criterion does not exist for them.

    What a kept segment needs to know: `moved_by` are the tables whose change may turn the answer (read off a
    path), `turns(op, value, now)` the moments at which time alone may turn it, as expressions over the record's
    row; `reads` the record types whose scope `build` applies, `shows(user)` an expression of the value for
    explaining an answer.
    """

    key: str
    label: str | Promise
    kind: Kind
    path: str = ""
    build: Callable[[str, Any, Any], Q] | None = None
    choices: Callable[[], Sequence[tuple[str, Any]]] | None = None
    ref_type: str = ""
    field: str = ""
    spelt: Callable[[str], str | None] | None = None
    operators: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    hint: str | Promise = ""
    group: str | Promise = ""
    icon: str = "filter"
    listed: bool = True  # offered in the filter menu of lists
    figure: "Figure | None" = None  # a count or a sum over the record's rows elsewhere
    moved_by: tuple[str, ...] = ()
    turns: Callable[[str, Any, datetime], Sequence[Combinable]] | None = None
    reads: tuple[str, ...] = ()
    shows: Callable[[Any], Combinable] | None = None
    discloses: tuple[tuple[str, str], ...] = ()

    @property
    def ops(self) -> tuple[str, ...]:
        return self.operators or OPERATORS[self.kind]

    def offered(self, op: str) -> tuple[str, ...]:
        """The comparisons to choose from where `op` is chosen now."""
        return (*self.ops, op) if op in self.also else self.ops

    @property
    def hidden_by(self) -> str:
        return self.field or self.path.split("__")[0] or self.key


_criteria: dict[str, dict[str, Criterion]] = defaultdict(dict)
_sources: list[Callable[[str], Iterable[Criterion]]] = []


def register(record_type: str, *criteria: Criterion) -> None:
    for criterion in criteria:
        _criteria[record_type][criterion.key] = criterion


def register_source(source: Callable[[str], Iterable[Criterion]]) -> None:
    """Criteria that are not known at start: `source(record_type)` is asked each time."""
    _sources.append(source)


def criteria_for(record_type: str) -> dict[str, Criterion]:
    found = dict(_criteria[record_type])
    for source in _sources:
        found.update((criterion.key, criterion) for criterion in source(record_type))
    return found
