"""Which rows are about a person: every model with personal data says how to find them from a contact."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet


@dataclass(frozen=True)
class PersonalRows:
    """`rows(contact_id)` are the model's rows about that contact; its `privacy` table says which fields are
    exported and what erasure does to them. `erase(contact_id)` replaces the generic eraser where more is
    to be done (files, search columns)."""

    model: type[Model]
    rows: Callable[[int], QuerySet[Any]]
    erase: Callable[[int], int] | None = None
    order: int = 100


_sources: dict[str, PersonalRows] = {}


def register(*sources: PersonalRows) -> None:
    for source in sources:
        _sources[source.model._meta.label] = source


def sources() -> list[PersonalRows]:
    return sorted(_sources.values(), key=lambda source: source.order)
