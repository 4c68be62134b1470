"""Columns and bulk actions of lists, so that apps above can add theirs to records of apps below."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from core.scope.access import AccessProfile


@dataclass(frozen=True)
class Column:
    """A column of a list.

    `value(row)` is what is shown (plain text, number, date or a ready `core.ui.cells` cell); `export(row)`
    is its plain value for files and the API (default: the value). `sort` are the ORM expressions of a
    keyset (indexed, ending before pk); `select` names joins or annotates the page's rows only (≤ 50 ids).
    `field` names the record's field where the column shows one: hidden fields hide the column, and
    `editable` columns are edited in place. `select_for(rows, user)` is `select` for columns of other records,
    which count only what the viewer may see; `needs` names their type, without whose view the column is not
    offered. `prepare_sort(rows)` annotates what `sort` names where it is no column of the table.
    """

    key: str
    label: str | Promise
    value: Callable[[Any], Any]
    export: Callable[[Any], Any] | None = None
    sort: tuple[str, ...] = ()
    select: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    select_for: Callable[[QuerySet[Any], Any], QuerySet[Any]] | None = None
    prepare_sort: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    needs: str = ""
    field: str = ""
    editable: bool = False
    default: bool = True
    align: str = "start"  # or `end` for numbers
    order: int = 100

    def selected(self, rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
        """`rows` with what the column shows."""
        if self.select_for is not None:
            return self.select_for(rows, user)
        return self.select(rows) if self.select is not None else rows


@cache
def joined(*paths: str) -> Callable[[QuerySet[Any]], QuerySet[Any]]:
    """A `select` that joins the records at `paths`; columns that join the same ask for it once."""
    return lambda rows: rows.select_related(*paths)


def with_columns(rows: QuerySet[Any], chosen: Iterable[Column], user: Any) -> QuerySet[Any]:
    """`rows` with what the columns show; what several of them ask for is asked once."""
    done: set[Any] = set()
    for column in chosen:
        source = column.select_for or column.select
        if source is not None and source not in done:
            done.add(source)
            rows = column.selected(rows, user)
    return rows


@dataclass(frozen=True)
class BulkAction:
    """Something done to the selected rows. `run(actor=, queryset=, data=)` returns how many it changed;
    over 100 rows it is run as a job. `form(user)` gives the fields it needs. `page(ids)` is the address of a
    page where it is done instead, for up to `most` rows. `fields` are those that it writes: whoever may not
    write all of them is not offered the action."""

    key: str
    label: str | Promise
    icon: str
    action: str  # the scope's action that every row must allow
    run: Callable[..., int]
    form: Callable[[Any], Any] | None = None
    capability: str = ""
    order: int = 100
    page: Callable[[list[int]], str] | None = None
    most: int = 10
    fields: tuple[str, ...] = ()

    def allowed(self, record_type: str, profile: AccessProfile) -> bool:
        """Whether the person may do it at all; each row is asked about besides."""
        shut = profile.hidden_fields(record_type) | profile.read_only_fields(record_type)
        return (
            profile.allows(record_type, self.action)
            and (not self.capability or profile.can(self.capability))
            and not shut & set(self.fields)
        )


_columns: dict[str, dict[str, Column]] = defaultdict(dict)
_sources: list[Callable[[str], Iterable[Column]]] = []
_asked: dict[str, list[Callable[[str, Mapping[str, str]], Iterable[Column]]]] = defaultdict(list)
_actions: dict[str, dict[str, BulkAction]] = defaultdict(dict)


def register(record_type: str, *columns: Column) -> None:
    for column in columns:
        _columns[record_type][column.key] = column


def register_source(source: Callable[[str], Iterable[Column]]) -> None:
    """Columns that are not known at start: `source(record_type)` is asked each time."""
    _sources.append(source)


def register_asked(record_type: str, source: Callable[[str, Mapping[str, str]], Iterable[Column]]) -> None:
    """Columns that a list has because of its filters: `source(record_type, parameters)` is asked for each."""
    _asked[record_type].append(source)


def columns_for(record_type: str, params: Mapping[str, str] | None = None) -> list[Column]:
    """All columns of a type; with `params`, also those of a list under these parameters."""
    found = [*_columns[record_type].values(), *(c for source in _sources for c in source(record_type))]
    if params:
        found += [column for source in _asked[record_type] for column in source(record_type, params)]
    return sorted(found, key=lambda column: column.order)


def register_actions(record_type: str, *actions: BulkAction) -> None:
    for action in actions:
        _actions[record_type][action.key] = action


def actions_for(record_type: str) -> Sequence[BulkAction]:
    return sorted(_actions[record_type].values(), key=lambda action: action.order)
