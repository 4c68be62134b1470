"""Lists as files: the chosen columns of every row that may be exported, streamed."""

import csv
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from core.enums import Action
from core.paging import keyset_page
from core.registries.columns import Column
from core.registries.records import RecordType
from core.ui.list_query import ListQuery
from core.ui.markup import EMPTY

CHUNK = 1000
HIDDEN_PICTURE = re.compile(r'<span class="avatar[^>]*>[^<]*</span>')
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """A file that hands each written line back, so that it can be streamed."""

    def write(self, value: str) -> str:
        return value


def safe_text(value: Any) -> str:
    """A value as a spreadsheet may open it: a text that would be a formula gets an apostrophe before it."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, str) and text.startswith(FORMULA_STARTS):
        return f"'{text}"
    return text


def plain_value(column: Column, record: Any) -> Any:
    """A column's value for a file: its own `export`, else what it shows without the markup."""
    if column.export is not None:
        return column.export(record)
    value = column.value(record)
    if not isinstance(value, SafeString):
        return value
    words = strip_tags(HIDDEN_PICTURE.sub("", value))
    return "" if words == EMPTY else unescape(words).strip()


def csv_lines(query: ListQuery) -> Iterator[str]:
    """The lines of the file, heading first, in the list's order. Memory does not grow with the rows."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(["id", *(str(column.label) for column in query.chosen)])
    rows, cursor = query.filtered(Action.EXPORT), ""
    while True:
        page = keyset_page(rows, query.keys, descending=query.sort[1], cursor=cursor, size=CHUNK)
        for record in query.records(page.ids):
            values = [plain_value(column, record) for column in query.chosen]
            yield writer.writerow([str(record.pk), *(safe_text(value) for value in values)])
        if page.next is None:
            return
        cursor = page.next


def csv_response(query: ListQuery, record_type: RecordType) -> StreamingHttpResponse:
    """The file as an answer."""
    response = StreamingHttpResponse(csv_lines(query), content_type="text/csv; charset=utf-8")
    name = f"{record_type.key}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
