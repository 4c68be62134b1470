"""Import targets, what other parts add to them, and the layouts of other programs' exports."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

    from core.importing.rows import ImportContext, Row
    from core.importing.targets import ImportField, ImportTarget


@dataclass(frozen=True)
class FieldSource:
    """Fields that another part adds to a target, asked for anew with every import.

    `columns(context, row, current)` gives the record's columns that the row's values fill (`current`: the
    record as it is, empty for a new one), as `RecordTarget.columns_of` does. `worked_out()` are names of columns
    that exports have and that no file fills: they are never taken for a field with a similar name.
    """

    fields: Callable[[], Sequence["ImportField"]]
    columns: Callable[["ImportContext", "Row", Mapping[str, Any]], dict[str, Any]]
    worked_out: Callable[[], Sequence[str]] = tuple


Matcher = Callable[["ImportContext", Sequence["Row"]], Mapping[int, int]]
"""Given rows whose keys nobody has, says by line which records they surely mean all the same."""


@dataclass(frozen=True)
class SourceLayout:
    """How another program's export of something looks: which of its columns fill which fields.

    Names are compared by their letters and digits alone. `marks` are columns that tell this export from all
    others; without them a file is recognised by its columns' share alone. `decisions[field][word]` says what
    the program's own words mean; `constants` are values of all lines that bring none of their own.
    """

    source: str
    label: str
    target: str
    columns: Mapping[str, str]
    marks: Sequence[str] = ()
    decisions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)


KeyLookup = Callable[[Sequence[str]], Mapping[str, int]]
"""Given external ids that no record has, says which records have them all the same: beside their own, or
because the record that had them was merged away."""

_targets: dict[str, "ImportTarget"] = {}
_sources: dict[str, list[FieldSource]] = defaultdict(list)
_matchers: dict[str, list[Matcher]] = defaultdict(list)
_layouts: list[SourceLayout] = []
_further: dict[str, KeyLookup] = {}


def register(target: "ImportTarget") -> None:
    _targets[target.key] = target


def get(key: str) -> "ImportTarget | None":
    return _targets.get(key)


def all_targets() -> list["ImportTarget"]:
    return list(_targets.values())


def register_fields(target_key: str, source: FieldSource) -> None:
    """Add fields to the target `target_key`."""
    _sources[target_key].append(source)


def field_sources(target_key: str) -> Sequence[FieldSource]:
    return _sources[target_key]


def register_matcher(target_key: str, matcher: Matcher) -> None:
    """Ask `matcher` about rows of the target that match nobody by their keys."""
    _matchers[target_key].append(matcher)


def matchers(target_key: str) -> Sequence[Matcher]:
    return _matchers[target_key]


def register_further_keys(label: str, lookup: KeyLookup) -> None:
    """Ask `lookup` about external ids that no record of the model `label` has."""
    _further[label] = lookup


def further_ids(model: type["Model"], keys: Sequence[str]) -> Mapping[str, int]:
    """The records of the model that have one of the keys beside their own external id."""
    lookup = _further.get(model._meta.label)
    return lookup(keys) if lookup is not None and keys else {}


def register_layouts(*layouts: SourceLayout) -> None:
    _layouts.extend(layouts)


def layouts() -> Sequence[SourceLayout]:
    return _layouts
