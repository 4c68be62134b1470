"""Reading a file line by line, with the line numbers that an editor shows."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from core.importing.problems import FileProblem
from core.importing.source import MAX_CELL, MAX_COLUMNS, Layout, PlainBytes
from core.importing.values import DATE

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NUMBER = re.compile(r"-?\d[\d.,]*")
YEAR = re.compile(r"(19|20)\d\d")
OWN_COLUMNS = ("import_line", "import_reason")
"""What an error file adds; ignored when the mended file comes back."""


@dataclass(slots=True)
class Line:
    """One record of the file. `error` says why its cells can't be used."""

    number: int
    cells: list[str]
    error: str = ""


@dataclass
class Table:
    """The column names and the lines below them, read as they are asked for."""

    header: list[str]
    lines: Iterator[Line]


def read_table(stream: IO[bytes], layout: Layout) -> Table:
    """The header and a generator of the lines. Raises FileProblem, while reading too."""
    lines = _sheet_lines(stream) if layout.kind == "xlsx" else _text_lines(stream, layout)
    first = next(lines, None)
    if first is None:
        raise FileProblem(
            _("The file is empty. Choose a file with a line of column names and rows below it.")
        )
    if first.error:
        raise FileProblem(_("Line %(line)s: %(error)s") % {"line": first.number, "error": first.error})
    header = [cell.strip().lstrip("\ufeff") for cell in first.cells]
    while header and not header[-1]:
        header.pop()
    check_header(header, first.number)
    return Table(header, (_fitted(line, header) for line in lines))


def check_header(header: list[str], line: int) -> None:
    """Raises FileProblem for names that are missing, doubled, too many, or plainly data."""
    if len(header) > MAX_COLUMNS:
        raise FileProblem(
            _(
                "Line %(line)s has %(count)s columns; at most %(limit)s can be imported. Remove those not needed."
            )
            % {"line": line, "count": len(header), "limit": MAX_COLUMNS}
        )
    seen: dict[str, int] = {}
    for number, name in enumerate(header, start=1):
        if not name:
            raise FileProblem(
                _("Line %(line)s: column %(number)s has no name. The first line must name every column.")
                % {"line": line, "number": number}
            )
        if name.casefold() in seen:
            raise FileProblem(
                _("Line %(line)s: columns %(first)s and %(second)s are both called “%(name)s”. Rename one.")
                % {"line": line, "first": seen[name.casefold()], "second": number, "name": name}
            )
        seen[name.casefold()] = number
    shown = _data_among(header)
    if shown:
        raise FileProblem(
            _(
                "Line %(line)s looks like data (“%(text)s”), not like column names. Put a line of names above it."
            )
            % {"line": line, "text": shown[:60]}
        )


def _data_among(header: list[str]) -> str:
    """A cell of the first line that no column is called, if there is one: an address, a date, a decimal
    number, or whole numbers in several columns (years alone can be names)."""
    numbers = [name for name in header if NUMBER.fullmatch(name) and not YEAR.fullmatch(name)]
    for name in header:
        if EMAIL.fullmatch(name) or DATE.match(name) or (name in numbers and "." in name):
            return name
    return numbers[0] if len(numbers) > 1 else ""


def _fitted(line: Line, header: list[str]) -> Line:
    """The line with exactly as many cells as the header, or with the reason why it can't be."""
    width, cells = len(header), line.cells
    if line.error:
        return line
    if len(cells) < width:
        cells.extend([""] * (width - len(cells)))
    elif len(cells) > width:
        if any(cell.strip() for cell in cells[width:]):
            line.error = _(
                "has %(found)s values for %(width)s columns. Put a value that contains the delimiter in quotes."
            ) % {"found": len(cells), "width": width}
        del cells[width:]
    if any("\x00" in cell for cell in cells):
        column = next(name for name, cell in zip(header, cells, strict=True) if "\x00" in cell)
        line.cells = [cell.replace("\x00", "") for cell in cells]
        line.error = _("column “%(column)s” contains a NUL character. Remove it.") % {"column": column}
    elif cells == header:
        line.error = REPEATED_HEADER
    return line


REPEATED_HEADER = "repeated header"


def _text_lines(stream: IO[bytes], layout: Layout) -> Iterator[Line]:
    csv.field_size_limit(MAX_CELL)
    buffered = io.BufferedReader(PlainBytes(stream, compressed=layout.compressed), 1 << 20)
    text = io.TextIOWrapper(buffered, encoding=layout.encoding, newline="")
    reader = csv.reader(text, delimiter=layout.delimiter, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except UnicodeDecodeError as error:
            raise FileProblem(
                _(
                    "After line %(line)s the file can't be read as %(encoding)s. Save it as UTF-8 and try again."
                )
                % {"line": start, "encoding": layout.encoding}
            ) from error
        except csv.Error as error:
            yield Line(start, [], _csv_words(str(error)))
            continue
        if any(cell.strip() for cell in cells):
            yield Line(start, cells)


def _csv_words(error: str) -> str:
    if "unexpected end" in error or "field larger" in error:
        return _(
            "a quotation mark is opened and never closed. Close it, or double it if it is part of the text."
        )
    return _(
        "there is text after a closing quotation mark. Double the quotation marks inside a quoted value."
    )


def _sheet_lines(stream: IO[bytes]) -> Iterator[Line]:
    stream.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(stream)
        sheet = workbook.get_sheet_by_index(0)
    except (CalamineError, IndexError) as error:
        raise FileProblem(
            _("The workbook can't be read. Open it, save it again as .xlsx and try once more.")
        ) from error
    start = (sheet.start or (0, 0))[0]
    for number, row in enumerate(sheet.iter_rows(), start=start + 1):
        cells = [_cell_text(value) for value in row]
        if any(cells):
            yield Line(number, cells)


def _cell_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else str(value)
