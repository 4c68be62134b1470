"""Merge relinkers: every column that points at a record which may be merged says what becomes of it.

    relinkers.register(
        Relinker(DealContact, "contact", fold={"is_primary": "or", "role": "first"}),
        Relinker(Favourite, "object_id", type_field="record_type"),  # a link by type and id
    )
    relinkers.leave(ImportRow, "object_id", "what a line became is a fact; readers resolve aliases")

A test walks all models and fails for a column that is neither registered nor left with a reason.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey, Model, UniqueConstraint


@dataclass(frozen=True)
class Relinker:
    """A column whose rows follow a merged record to the one that goes on.

    Rows that would then be there twice are resolved first: by the model's plain unique constraints, and by
    `doubles` (columns, or SQL expressions over them, compared without case). The row of the survivor stays,
    or the one that the SQL order `prefer` puts first; `fold` says what it takes over from those that go
    (`or`, `min`, `max`, `first`: its own value unless empty). `before(merge)` and `after(merge)` do what is
    special to a model (`contacts.merging.engine.Merge`). Where no row points at a merged record, nothing of
    this is done, unless `always` says so.
    """

    model: type[Model]
    field: str
    type_field: str = ""
    doubles: tuple[str, ...] = ()
    prefer: str = ""
    fold: Mapping[str, str] = dataclasses.field(default_factory=dict)
    before: Callable[[Any], None] | None = None
    after: Callable[[Any], None] | None = None
    order: int = 100
    always: bool = False

    @property
    def column(self) -> str:
        return str(self.model._meta.get_field(self.field).column)  # type: ignore[union-attr]

    @property
    def type_column(self) -> str:
        return str(self.model._meta.get_field(self.type_field).column) if self.type_field else ""  # type: ignore[union-attr]

    def points_at(self, model: type[Model]) -> bool:
        """Whether rows may point at records of `model`."""
        target = self.model._meta.get_field(self.field)
        return bool(self.type_field) or getattr(target, "related_model", None) is model

    def unique_with(self) -> list[tuple[str, ...]]:
        """The other columns of each plain unique constraint that the column takes part in."""
        meta = self.model._meta
        groups = [tuple(names) for names in meta.unique_together]
        groups += [
            tuple(constraint.fields)
            for constraint in meta.constraints
            if isinstance(constraint, UniqueConstraint) and constraint.fields and constraint.condition is None
        ]
        if meta.get_field(self.field).unique:  # type: ignore[union-attr]
            groups.append((self.field,))
        return [
            tuple(
                str(meta.get_field(name).column)  # type: ignore[union-attr]
                for name in names
                if name not in (self.field, self.type_field)
            )
            for names in groups
            if self.field in names
        ]

    def partly_unique(self) -> list[str]:
        """The names of constraints that only `before` can satisfy: those with a condition or expressions."""
        return [
            constraint.name
            for constraint in self.model._meta.constraints
            if isinstance(constraint, UniqueConstraint)
            and (constraint.condition is not None or constraint.expressions)
            and self.field in constraint.fields
        ]


_relinkers: dict[tuple[str, str], Relinker] = {}
_left: dict[tuple[str, str], str] = {}


def register(*relinkers: Relinker) -> None:
    for one in relinkers:
        _relinkers[one.model._meta.label, one.field] = one


def leave(model: type[Model], name: str, reason: str) -> None:
    """Say why a column that looks like a link stays as it is when records are merged."""
    _left[model._meta.label, name] = reason


def relinkers_of(model: type[Model]) -> list[Relinker]:
    """Those whose rows may point at `model`, in their order."""
    found = [one for one in _relinkers.values() if one.points_at(model)]
    return sorted(found, key=lambda one: (one.order, one.model._meta.label, one.field))


def is_known(model: type[Model], name: str) -> bool:
    """Whether somebody has said what becomes of the column."""
    return (model._meta.label, name) in _relinkers or (model._meta.label, name) in _left


def all_relinkers() -> list[Relinker]:
    return list(_relinkers.values())


def links_of(model: type[Model], targets: frozenset[type[Model]]) -> Iterator[str]:
    """The names of the columns of `model` that are, or look like, links to one of the `targets`: foreign
    keys, and numbers called `…_id` that are no foreign key."""
    for one in model._meta.concrete_fields:
        if isinstance(one, ForeignKey):
            if one.related_model in targets:
                yield one.name
        elif one.get_internal_type().endswith("IntegerField") and one.name.endswith("_id"):
            yield one.name
