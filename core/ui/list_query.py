"""What a list shows, worked out from the URL alone: filters, search, sort, columns, page.

Two steps to the rows: the page's ids by keyset, then those rows with the joins of the chosen columns.
"""

from collections.abc import Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from core.conditions.filters import ConditionFilterSet, filterset_for
from core.enums import Action
from core.paging import BadCursor, Listing, Page, count_of, listing
from core.registries import columns
from core.registries.columns import Column
from core.scope.access import profile_for
from core.scope.fields import conceal_all

if TYPE_CHECKING:
    from core.ui.lists import ListPage

PAGE_PARAMETERS = ("cursor", "before", "last")
FILTER_PARAMETERS = ("filter", "op", "value", "edit", "form")
"""What the form of one filter sends; none of it is part of the list."""


class ListQuery:
    """One list as one person sees it under one query string."""

    def __init__(self, page: type["ListPage"], user: Any, params: QueryDict | Mapping[str, str]) -> None:
        self.page, self.user = page, user
        self.params = params if isinstance(params, QueryDict) else QueryDict(urlencode(dict(params)))
        self.text = self.params.get("q", "").strip()[:200]

    @cached_property
    def columns(self) -> list[Column]:
        """All columns the person may see, in order."""
        profile = profile_for(self.user)
        hidden = profile.hidden_fields(self.page.record_type)
        return [
            column
            for column in columns.columns_for(self.page.record_type, self.params)
            if (not column.field or column.field not in hidden)
            and (not column.needs or profile.allows(column.needs, "view"))
        ]

    @cached_property
    def chosen(self) -> list[Column]:
        """The columns shown: those in the URL, else the default ones; the first column always."""
        names = [name for name in self.params.get("columns", "").split(",") if name]
        by_key = {column.key: column for column in self.columns}
        if not by_key:
            return []
        first = self.columns[0]
        picked = [by_key[name] for name in names if name in by_key]
        if not picked:
            picked = [column for column in self.columns if column.default]
        return [first, *(column for column in picked if column is not first)]

    @cached_property
    def sort(self) -> tuple[Column | None, bool]:
        """The column sorted by and whether it runs downwards."""
        for text in (self.params.get("sort", ""), self.page.default_sort):
            key, descending = text.lstrip("-"), text.startswith("-")
            column = next((c for c in self.columns if c.key == key and c.sort), None)
            if column is not None:
                return column, descending
        return None, True

    @property
    def keys(self) -> tuple[str, ...]:
        column, _descending = self.sort
        return column.sort if column is not None else ("pk",)

    @cached_property
    def filterset(self) -> ConditionFilterSet:
        return self.filters(Action.VIEW)

    def filters(self, action: Action) -> ConditionFilterSet:
        """The filters over the rows on which the person may do `action`."""
        rows = self.page.rows(self.user, action)
        return filterset_for(self.page.record_type)(self.params, rows, user=self.user)

    def filtered(self, action: Action = Action.VIEW) -> QuerySet[Any]:
        """Every row of the list, unsorted, that the person may do `action` with."""
        filterset = self.filterset if action == Action.VIEW else self.filters(action)
        rows: QuerySet[Any] = filterset.qs
        return self.page.search(rows, self.text, self.user) if self.text else rows

    @property
    def is_narrowed(self) -> bool:
        """Whether the URL leaves out some of the rows that the person may see."""
        return bool(self.text or self.params.get("where") or self.filterset.leaves())

    def ordered(self) -> QuerySet[Any]:
        """The rows of the list with what they are sorted by; `keys` name it."""
        column, rows = self.sort[0], self.filtered()
        return column.prepare_sort(rows) if column is not None and column.prepare_sort is not None else rows

    @cached_property
    def listing(self) -> Listing:
        """The page that the URL asks for, and the count; a cursor of another list falls back to the first page."""
        _column, descending = self.sort
        cursor = self.params.get("cursor", "")
        before = self.params.get("before", "")
        backwards = bool(before) or "last" in self.params
        found = partial(
            listing,
            self.ordered(),
            self.keys,
            narrowed=self.is_narrowed,
            descending=descending,
            size=self.page.page_size,
        )
        try:
            return found(cursor=before or cursor, backwards=backwards)
        except BadCursor:
            return found()

    @property
    def result(self) -> Page:
        return self.listing.page

    @cached_property
    def count(self) -> tuple[int, bool]:
        """(count, whether it is exact), without the page's rows unless those were read already."""
        if "listing" in self.__dict__:
            return self.listing.count, self.listing.count_is_exact
        return count_of(self.filtered())

    def records(self, ids: list[int]) -> list[Any]:
        """The records of a page in its order, with what the chosen columns need."""
        rows = columns.with_columns(
            self.page.model()._base_manager.filter(pk__in=ids), self.chosen, self.user
        )
        found = {row.pk: row for row in rows}
        conceal_all(found.values(), self.user)
        return [found[pk] for pk in ids if pk in found]

    def query(self, **changes: Any) -> str:
        """The query string with some parameters changed (None removes one), always from the first page."""
        params = self.params.copy()
        for name in (*PAGE_PARAMETERS, *FILTER_PARAMETERS):
            params.pop(name, None)
        for name, value in changes.items():
            params.pop(name, None)
            if value not in (None, ""):
                params[name] = str(value)
        text = params.urlencode(safe=",")
        return f"?{text}" if text else "?"

    @property
    def context_query(self) -> str:
        """What a record page needs to know its place in this list: filters, search and sort."""
        params = self.params.copy()
        for name in (*PAGE_PARAMETERS, *FILTER_PARAMETERS, "columns", "view", "layout"):
            params.pop(name, None)
        return str(params.urlencode(safe=","))
