"""Reading a file line by line, with the line numbers that an editor shows."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.importing.problems import FileProblem
from core.importing.source import EMPTY, MAX_CELL, MAX_COLUMNS, Layout, PlainBytes
from core.importing.values import DATE
from core.importing.vcard import card_lines
from core.importing.workbook import sheet_rows

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NUMBER = re.compile(r"-?\d[\d.,]*")
YEAR = re.compile(r"(19|20)\d\d")
MENDED = 200
OWN_COLUMNS = ("import_line", "import_reason")
"""What an error file adds; ignored when the mended file comes back."""


@dataclass(slots=True)
class Line:
    """One record of the file. `error` says why its cells can't be used, `skip` why it is passed over;
    `original` is the line of another file that it mends."""

    number: int
    cells: list[str]
    error: str = ""
    skip: str = ""
    original: int | None = None


@dataclass
class Table:
    """The column names and the lines below them, read as they are asked for."""

    header: list[str]
    lines: Iterator[Line]
    notices: list[str] = field(default_factory=list)


def read_table(stream: IO[bytes], layout: Layout) -> Table:
    """The header and a generator of the lines. Raises FileProblem, while reading too."""
    if layout.kind == "vcard":
        header = list(layout.columns)
        plain = PlainBytes(stream, compressed=layout.compressed)
        cards = card_lines(plain, layout.encoding, header)
        return Table(header, (_fitted(Line(*card), header) for card in cards))
    lines = _sheet_lines(stream) if layout.kind == "xlsx" else _text_lines(stream, layout)
    first = next(lines, None)
    if first is None:
        raise FileProblem(EMPTY)
    if first.error:
        raise FileProblem(gettext_lazy("Line %(line)s: %(error)s"), line=first.number, error=first.error)
    names = [cell.replace("\x00", "").strip().lstrip("\ufeff").strip() for cell in first.cells]
    while names and not names[-1]:
        names.pop()
    check_header(names, first.number)
    header = distinct(names)
    lines_below = (_fitted(line, header, names) for line in lines)
    return Table(header, lines_below, _notices(names, header, first.number))


def _notices(names: list[str], header: list[str], line: int) -> list[str]:
    """What was done about names that are missing or doubled."""
    found = []
    first = {name.casefold(): number for number, name in reversed(list(enumerate(names, start=1)))}
    for number, (name, now) in enumerate(zip(names, header, strict=True), start=1):
        words = {"line": line, "number": number, "name": name, "now": now, "first": first[name.casefold()]}
        if not name:
            found.append(
                _("Line %(line)s: column %(number)s has no name; it is called “%(now)s” here.") % words
            )
        elif name != now:
            text = _(
                "Line %(line)s: columns %(first)s and %(number)s are both called “%(name)s”; the second is"
                " “%(now)s” here."
            )
            found.append(text % words)
    return found


def distinct(names: list[str]) -> list[str]:
    """The column names, each once: those without a name are numbered, doubled ones too.

    >>> distinct(["Name", "", "name", "Name"])
    ['Name', 'Column 2', 'name (2)', 'Name (3)']
    """
    seen: set[str] = set()
    header = []
    for number, name in enumerate(names, start=1):
        wanted = base = name or _("Column %(number)s") % {"number": number}
        again = 2
        while wanted.casefold() in seen:
            wanted, again = f"{base} ({again})", again + 1
        seen.add(wanted.casefold())
        header.append(wanted)
    return header


def check_header(header: list[str], line: int) -> None:
    """Raises FileProblem for names that are missing, too many, or plainly data."""
    if len(header) > MAX_COLUMNS:
        raise FileProblem(
            gettext_lazy(
                "Line %(line)s has %(count)s columns; at most %(limit)s can be imported. Remove those not needed."
            ),
            line=line,
            count=len(header),
            limit=MAX_COLUMNS,
        )
    shown = _data_among(header)
    if shown:
        raise FileProblem(
            gettext_lazy(
                "Line %(line)s looks like data (“%(text)s”), not like column names. Put a line of names above it."
            ),
            line=line,
            text=shown[:60],
        )


def _data_among(header: list[str]) -> str:
    """A cell of the first line that no column is called, if there is one: an address, a date, a decimal
    number, or whole numbers in several columns (years alone can be names)."""
    numbers = [name for name in header if NUMBER.fullmatch(name) and not YEAR.fullmatch(name)]
    for name in header:
        if EMAIL.fullmatch(name) or DATE.match(name) or (name in numbers and "." in name):
            return name
    return numbers[0] if len(numbers) > 1 else ""


def _fitted(line: Line, header: list[str], names: list[str] | None = None) -> Line:
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
        else:
            del cells[width:]
    if any("\x00" in cell for cell in cells):
        column = next(name for name, cell in zip([*header, *cells], cells, strict=False) if "\x00" in cell)
        line.cells = [cell.replace("\x00", "") for cell in cells]
        line.error = _("column “%(column)s” contains a NUL character. Remove it.") % {"column": column}
    elif cells == (names or header):
        line.error = REPEATED_HEADER
    return line


REPEATED_HEADER = "repeated header"


def _text_lines(stream: IO[bytes], layout: Layout) -> Iterator[Line]:
    """The records of the text. A quotation mark that is never closed costs its own line alone: those behind
    it are read again; after `MENDED` such lines no cell may hold line ends any more."""
    csv.field_size_limit(MAX_CELL)
    buffered = io.BufferedReader(PlainBytes(stream, compressed=layout.compressed), 1 << 20)
    text = io.TextIOWrapper(buffered, encoding=layout.encoding, errors="stray_bytes", newline="")
    source = _Source(text)
    reader = csv.reader(source, delimiter=layout.delimiter, strict=True)
    while True:
        start = source.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raw = source.give_back()
            reader = csv.reader(source, delimiter=layout.delimiter, strict=True)
            yield Line(start, raw.rstrip("\r\n").split(layout.delimiter), _csv_words(str(error)))
            continue
        if any(cell.strip() for cell in cells):
            yield Line(start, cells)


class _Source:
    """Physical lines for the CSV reader, with the way back to the end of a record's first one."""

    def __init__(self, text: Iterator[str]) -> None:
        self._text, self._waiting, self._taken = text, deque[str](), list[str]()
        self._number = 0
        self._mended = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._taken and self._mended >= MENDED:
            raise csv.Error("unexpected end of data")
        line = self._waiting.popleft() if self._waiting else next(self._text)
        self._taken.append(line)
        self._number += 1
        return line

    def begin(self) -> int:
        """A record begins: the number of its first line."""
        self._taken.clear()
        return self._number + 1

    def give_back(self) -> str:
        """The record's first line; those behind it are to be read again."""
        first, rest = self._taken[0], self._taken[1:]
        self._waiting.extendleft(reversed(rest))
        self._number -= len(rest)
        self._mended += 1
        return first


def _csv_words(error: str) -> str:
    if "field larger" in error:
        return _("a value is longer than two million characters, or its quotation mark is never closed.")
    if "unexpected end" in error:
        return _(
            "a quotation mark is opened and never closed. Close it, or double it if it is part of the text."
        )
    return _(
        "there is text after a closing quotation mark. Double the quotation marks inside a quoted value."
    )


def _sheet_lines(stream: IO[bytes]) -> Iterator[Line]:
    stream.seek(0)
    for number, cells in sheet_rows(stream):
        if any(cells):
            yield Line(number, cells)
