"""Rows of lists as HTML, made in Python: a page has five hundred cells and templates are the slower half."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.places import place
from core.registries.records import PLACEHOLDER, RecordType
from core.scope.access import AccessProfile
from core.ui.cells import cell
from core.ui.list_query import ListQuery


@dataclass(frozen=True)
class Heading:
    """A column's head: where sorting leads, and how it is sorted now."""

    label: str
    css: str
    url: str
    aria_sort: str
    arrow_icon: str


def headings(query: ListQuery) -> list[Heading]:
    """The heads of the chosen columns."""
    sorted_by, descending = query.sort
    found = []
    for column in query.chosen:
        here = sorted_by is not None and column.key == sorted_by.key
        target = f"-{column.key}" if here and not descending else column.key
        found.append(
            Heading(
                str(column.label),
                "end" if column.align == "end" else "",
                query.query(sort=target) if column.sort else "",
                ("descending" if descending else "ascending") if here else "none" if column.sort else "",
                arrow_icon=("arrow-down" if descending else "arrow-up") if here else "",
            )
        )
    return found


class RowWriter:
    """Writes the rows of one list."""

    def __init__(self, query: ListQuery, record_type: RecordType, profile: AccessProfile) -> None:
        self.query = query
        self.has_page = bool(record_type.detail_url)
        self.url_of = record_type.url_maker()
        where = query.context_query
        self.suffix = f"?in={escape(_quoted(where))}" if where else ""
        self.select_words = _("Select %(name)s")
        self.edit_url = place("core:field", record_type.key, PLACEHOLDER, "FIELD")
        read_only = profile.read_only_fields(record_type.key)
        may_change = profile.allows(record_type.key, "change")
        self.editable = {
            column.key
            for column in query.chosen
            if column.editable and may_change and column.field and column.field not in read_only
        }

    def rows(self, records: list[Any], *, selectable: bool) -> SafeString:
        """All rows, ready for `<tbody>`."""
        return mark_safe("".join(self._row(r, selectable) for r in records))  # noqa: S308 - `cell` escapes

    def _row(self, record: Any, selectable: bool) -> str:
        pk = str(record.pk)
        parts = [f'<tr data-row="{pk}">']
        if selectable:
            label = escape(self.select_words % {"name": record})
            parts.append(
                f'<td class="select"><input type="checkbox" class="form-check-input" name="ids" value="{pk}"'
                f' form="bulk-form" aria-label="{label}"></td>'
            )
        first, *others = self.query.chosen
        content: str = cell(first.value(record))
        if self.has_page:
            href = self.url_of(record.pk) + self.suffix
            content = f'<a class="person" data-row-link href="{href}">{content}</a>'
        parts.append(f'<th scope="row">{content}</th>')
        parts += [self._cell(column, record, pk) for column in others]
        parts.append("</tr>")
        return "".join(parts)

    def _cell(self, column: Any, record: Any, pk: str) -> str:
        css = ' class="end"' if column.align == "end" else ""
        edit = ""
        if column.key in self.editable and self.edit_url:
            url = self.edit_url.replace(str(PLACEHOLDER), pk).replace("FIELD", column.field)
            edit = f' data-edit="{url}?cell={column.key}"'
        return f"<td{css}{edit}>{cell(column.value(record))}</td>"


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")
