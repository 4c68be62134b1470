"""Lists as files: the chosen columns of every row that may be exported, streamed."""

import csv
from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils import timezone

from core.enums import Action
from core.exporting.cells import cell_of
from core.exporting.records import plain_value
from core.importing.mapping import OWN_ID
from core.paging import keyset_page
from core.registries.records import RecordType
from core.services.exports import finish_record, record_export
from core.ui.list_query import ListQuery

CHUNK = 1000


class _Line:
    """A file that hands each written line back, so that it can be streamed."""

    def write(self, value: str) -> str:
        return value


def csv_lines(query: ListQuery) -> Iterator[str]:
    """The lines of the file, heading first, in the list's order. Memory does not grow with the rows."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([OWN_ID, *(str(column.label) for column in query.chosen)])
    rows, cursor = query.filtered(Action.EXPORT), ""
    while True:
        page = keyset_page(rows, query.keys, descending=query.sort[1], cursor=cursor, size=CHUNK)
        for record in query.records(page.ids):
            values = [plain_value(column, record) for column in query.chosen]
            yield writer.writerow([str(record.pk), *(cell_of(value) for value in values)])
        if page.next is None:
            return
        cursor = page.next


def csv_response(query: ListQuery, record_type: RecordType, asked: str) -> StreamingHttpResponse:
    """The file as an answer; `asked` is the list's query string, for the audit."""
    columns = [OWN_ID, *(str(column.label) for column in query.chosen)]
    entry = record_export(
        actor=query.user, record_type=record_type.key, file_format="csv", query=asked, columns=columns
    )

    def counted() -> Iterator[str]:
        sent = -1  # the heading is no row
        try:
            for line in csv_lines(query):
                yield line
                sent += 1
        finally:  # also where the browser went away in the middle
            finish_record(actor=query.user, entry_id=entry.pk, rows=max(sent, 0), columns=columns)

    response = StreamingHttpResponse(counted(), content_type="text/csv; charset=utf-8")
    name = f"{record_type.key}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
