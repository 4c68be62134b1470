"""Lines into files: CSV as a stream, XLSX through a temporary file."""

import csv
from collections.abc import Iterable, Sequence
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "vcard": "text/vcard; charset=utf-8",
}
ENDINGS = {"vcard": "vcf"}
SHEET_ROWS = 1_048_576


class TooManyRows(ValueError):
    """A worksheet can't hold so many rows; the text says what to do."""


def write_csv(stream: IO[str], header: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    """Write UTF-8 text with the mark that makes spreadsheets read it as such."""
    stream.write("\ufeff")
    writer = csv.writer(stream)
    writer.writerow(header)
    writer.writerows(lines)


def write_xlsx(path: str, header: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    """Write a workbook of one sheet, row by row in constant memory. Text stays text: no formulas, no links.
    Raises TooManyRows."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(path, options) as workbook:
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True})
        sheet.write_row(0, 0, header, bold)
        for number, line in enumerate(lines, start=1):
            if number >= SHEET_ROWS:
                raise TooManyRows(_("A worksheet holds at most 1,048,576 rows. Export as CSV."))
            sheet.write_row(number, 0, line)
