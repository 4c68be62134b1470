"""The rows of a record type as lines of a file, in somebody's scope."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

from django.db.models import QuerySet
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.enums import Action
from core.exporting.cards import card_type
from core.exporting.cells import cell_of
from core.importing.mapping import OWN_ID
from core.registries import columns, records
from core.registries.columns import Column
from core.scope.access import profile_for
from core.scope.fields import conceal
from core.ui.markup import EMPTY

STEP = 1000
HIDDEN_PICTURE = re.compile(r'<span class="avatar[^>]*>[^<]*</span>')


class NoCards(ValueError):
    """Records of this type are no people; the text says so."""


class RecordExport:
    """Header and lines of an export. `user=None` is the system and sees everything.

    The columns are the list's, without those that the person's roles hide; a type without a list gives its
    own fields. Memory does not grow with the number of rows.
    """

    def __init__(
        self,
        record_type: str,
        user: Any,
        *,
        rows: QuerySet[Any] | None = None,
        chosen: Sequence[Column] | None = None,
    ) -> None:
        self.type, self.user = records.get(record_type), user
        if rows is None:
            rows = (
                self.type.model._default_manager.all()
                if user is None
                else self.type.visible_to(user, Action.EXPORT)
            )
        self.rows = rows
        self.columns = list(chosen) if chosen is not None else _columns(record_type, user)
        self.written = 0

    @property
    def header(self) -> list[str]:
        if self.columns:
            return [OWN_ID, *(str(column.label) for column in self.columns)]
        return [field.name for field in self.type.model._meta.concrete_fields]

    def cards(self) -> Iterator[str]:
        """The records as vCards, by ascending id. Raises NoCards for a type that has none."""
        kind = card_type(self.type.key)
        if kind is None:
            raise NoCards(_("Only people can be exported as vCards."))
        hidden = frozenset() if self.user is None else profile_for(self.user).hidden_fields(self.type.key)
        for ids in self._ids():
            for record in kind.select(self.type.model._base_manager.filter(pk__in=ids).order_by("pk")):
                self._conceal(record)
                self.written += 1
                yield kind.card(record, frozenset(hidden))

    def _conceal(self, record: Any) -> None:
        if self.user is not None:
            conceal(record, self.user)

    def _ids(self) -> Iterator[list[int]]:
        last = 0
        while ids := list(self.rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:STEP]):
            yield ids
            last = ids[-1]

    def lines(self) -> Iterator[list[Any]]:
        """The cells of each record by ascending id: numbers as numbers, text that no program takes for a
        formula."""
        for ids in self._ids():
            yield from self._step(ids)

    def _step(self, ids: list[int]) -> Iterator[list[Any]]:
        rows = self.type.model._base_manager.filter(pk__in=ids).order_by("pk")
        rows = columns.with_columns(rows, self.columns, self.user)
        for record in rows:
            self._conceal(record)
            self.written += 1
            if self.columns:
                values = [plain_value(column, record) for column in self.columns]
                yield [record.pk, *(cell_of(value) for value in values)]
            else:
                yield [cell_of(field.value_from_object(record)) for field in record._meta.concrete_fields]


def _columns(record_type: str, user: Any) -> list[Column]:
    found = columns.columns_for(record_type)
    if user is None:
        return found
    profile = profile_for(user)
    hidden = profile.hidden_fields(record_type)
    return [
        column
        for column in found
        if (not column.field or column.field not in hidden)
        and (not column.needs or profile.allows(column.needs, Action.VIEW))
    ]


def plain_value(column: Column, record: Any) -> Any:
    """A column's value for a file: its own `export`, else what it shows without the markup."""
    if column.export is not None:
        return column.export(record)
    value = column.value(record)
    if not isinstance(value, SafeString):
        return value
    words = strip_tags(HIDDEN_PICTURE.sub("", value))
    return "" if words == EMPTY else unescape(words).strip()
