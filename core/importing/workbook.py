"""XLSX read row by row (ECMA-376 part 1, SpreadsheetML): memory does not grow with the sheet.

The XML is parsed as it is unpacked; shared strings wait in a temporary file. Formulas give the value that was
saved with them. Document types and entities are refused.
"""

import mmap
import re
import tempfile
import zipfile
from array import array
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from posixpath import join, normpath
from typing import IO, Any
from xml.parsers import expat

from django.conf import settings
from django.utils.translation import gettext_lazy

from core.importing.problems import FileProblem

PART = 1 << 16
MAX_PARTS = 5000
MAX_RATIO = 200  # no honest workbook shrinks further
RATIO_COUNTS_FROM = 50 * 2**20
LAST_COLUMN = 1000  # cells beyond make a line that has more values than columns
MAX_CELL = 2_000_000
REMEMBERED = 20_000  # shared strings kept in memory
DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
UNSHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001  (a sheet has no time zone)


def check_workbook(stream: IO[bytes]) -> None:
    """Raises FileProblem for what is no workbook, is damaged, or unpacks to more than an honest one. The
    sizes are counted, not believed."""
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" not in names:
                raise FileProblem(
                    gettext_lazy(
                        "This is a ZIP archive. Unpack it and choose the file inside, or pack one file with gzip."
                    )
                )
            _count(archive, names, stream)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        # RuntimeError is what zipfile says to a password, NotImplementedError to a packing that it does not know
        raise FileProblem(
            gettext_lazy(
                "The workbook is damaged or has a password. Open it, save it again and try once more."
            )
        ) from error
    finally:
        stream.seek(0)


def _count(archive: zipfile.ZipFile, names: list[str], stream: IO[bytes]) -> None:
    packed = stream.seek(0, 2)
    total, limit = 0, settings.IMPORT_MAX_BYTES
    for name in names[: MAX_PARTS + 1]:
        with archive.open(name) as member:
            while block := member.read(1 << 20):
                total += len(block)
                if total > limit or (total > RATIO_COUNTS_FROM and total > MAX_RATIO * max(1, packed)):
                    raise FileProblem(
                        gettext_lazy(
                            "The workbook unpacks to more than it can honestly hold and was not read further."
                        )
                    )
    if len(names) > MAX_PARTS:
        raise FileProblem(gettext_lazy("The workbook has too many parts. Save the sheet as CSV instead."))


def count_rows(stream: IO[bytes]) -> int:
    """The rows below the first, as the sheet itself says (0 where it doesn't)."""
    try:
        with zipfile.ZipFile(stream) as archive, archive.open(_first_sheet(archive)) as sheet:
            found = re.search(rb'<dimension[^>]*ref="[A-Z]+\d+:[A-Z]+(\d+)"', sheet.read(PART))
            return max(0, int(found[1]) - 1) if found else 0
    except (zipfile.BadZipFile, KeyError, OSError, FileProblem):
        return 0
    finally:
        stream.seek(0)


def sheet_rows(stream: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells as text) of the first sheet. Numbers are written with a point, dates in ISO 8601.
    Raises FileProblem, while reading too."""
    try:
        with zipfile.ZipFile(stream) as archive, tempfile.TemporaryFile() as store:
            sheet = _first_sheet(archive)
            strings = _Strings(archive, store)
            with archive.open(sheet) as part:
                yield from _rows(part, _Cells(strings, _date_styles(archive), _epoch(archive)))
    except (zipfile.BadZipFile, KeyError, OSError, expat.ExpatError, ValueError, RuntimeError) as error:
        raise FileProblem(
            gettext_lazy("The workbook can't be read. Open it, save it again as .xlsx and try once more.")
        ) from error


def _rows(part: IO[bytes], cells: "_Cells") -> Iterator[tuple[int, list[str]]]:
    parser = _parser(cells.start, cells.end, cells.text)
    while block := part.read(PART):
        parser.Parse(block, False)
        yield from cells.taken()
    parser.Parse(b"", True)
    yield from cells.taken()


def _parser(start: Any, end: Any, text: Any) -> Any:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(*_declaration: Any) -> None:
    raise ValueError("a workbook declares no document type")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _elements(archive: zipfile.ZipFile, name: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small part, in order, each with its attributes (without their name spaces)."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        found.append((_local(tag), {_local(key): value for key, value in attributes.items()}))

    parser = _parser(start, None, None)
    with archive.open(name) as part:
        while block := part.read(PART):
            parser.Parse(block, False)
    parser.Parse(b"", True)
    return found


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The path of the first sheet that is one of cells."""
    relations = {
        item["Id"]: item["Target"]
        for tag, item in _elements(archive, "xl/_rels/workbook.xml.rels")
        if tag == "Relationship" and item.get("Type", "").endswith("/worksheet")
    }
    for tag, item in _elements(archive, "xl/workbook.xml"):
        if tag == "sheet" and item.get("id") in relations:
            target = relations[item["id"]]
            return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
    raise FileProblem(gettext_lazy("The workbook has no sheet with cells."))


def _epoch(archive: zipfile.ZipFile) -> datetime:
    for tag, item in _elements(archive, "xl/workbook.xml"):
        if tag == "workbookPr" and item.get("date1904") in ("1", "true"):
            return EPOCH_1904
    return EPOCH


def _date_styles(archive: zipfile.ZipFile) -> set[int]:
    """The numbers of the cell formats that show dates or times."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    own: dict[int, str] = {}
    styles: set[int] = set()
    inside, number = False, 0
    for tag, item in _elements(archive, "xl/styles.xml"):
        if tag == "numFmt":
            own[int(item.get("numFmtId", 0))] = item.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            key = int(item.get("numFmtId", 0))
            code = UNSHOWN.sub("", own.get(key, "")).lower()
            if key in DATE_FORMATS or any(letter in code for letter in "dmyhs"):
                styles.add(number)
            number += 1
    return styles


class _Strings:
    """The shared strings, in a file; the last ones used are remembered."""

    def __init__(self, archive: zipfile.ZipFile, store: IO[bytes]) -> None:
        self._ends = array("Q", [0])
        self._seen: dict[int, str] = {}
        self._bytes: mmap.mmap | None = None
        if "xl/sharedStrings.xml" in archive.namelist():
            self._read(archive, store)

    def _read(self, archive: zipfile.ZipFile, store: IO[bytes]) -> None:
        text: list[str] = []
        inside = {"t": False, "rPh": False}

        def start(tag: str, _attributes: dict[str, str]) -> None:
            if (name := _local(tag)) in inside:
                inside[name] = True

        def data(piece: str) -> None:
            if inside["t"] and not inside["rPh"]:
                text.append(piece)

        def end(tag: str) -> None:
            name = _local(tag)
            if name in inside:
                inside[name] = False
            elif name == "si":
                raw = _unescaped("".join(text)).encode("utf-8", "replace")
                store.write(raw)
                self._ends.append(self._ends[-1] + len(raw))
                text.clear()

        parser = _parser(start, end, data)
        with archive.open("xl/sharedStrings.xml") as part:
            while block := part.read(PART):
                parser.Parse(block, False)
        parser.Parse(b"", True)
        store.flush()
        if self._ends[-1]:
            self._bytes = mmap.mmap(store.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, number: int) -> str:
        known = self._seen.get(number)
        if known is None:
            if not 0 <= number < len(self._ends) - 1:
                raise ValueError("a cell names a shared string that is not there")
            start, end = self._ends[number], self._ends[number + 1]
            known = self._bytes[start:end].decode() if self._bytes is not None else ""
            if len(self._seen) >= REMEMBERED:
                self._seen.clear()
            if len(known) < 200:
                self._seen[number] = known
        return known


def _unescaped(text: str) -> str:
    """Characters that XML can't hold are written `_x000D_` (part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


class _Cells:
    """Handlers of the parser: collect the cells of each row as text."""

    def __init__(self, strings: _Strings, date_styles: set[int], epoch: datetime) -> None:
        self._strings, self._date_styles, self._epoch = strings, date_styles, epoch
        self._ready: list[tuple[int, list[str]]] = []
        self._row: list[str] = []
        self._number = self._column = 0
        self._kind, self._style, self._reading, self._phonetic = "", 0, False, False
        self._text: list[str] = []
        self._readers: dict[str, Callable[[str], str]] = {
            "s": lambda text: self._strings[int(text)],
            "str": _unescaped,
            "inlineStr": _unescaped,
            "b": lambda text: "True" if text == "1" else "False",
            "d": lambda text: text.removesuffix("T00:00:00"),
        }

    def taken(self) -> list[tuple[int, list[str]]]:
        ready, self._ready = self._ready, []
        return ready

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "c":
            place = attributes.get("r", "")
            self._column = _column(place) if place else self._column + 1
            self._kind, self._style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self._text = []
        elif name in ("v", "t"):
            self._reading = not self._phonetic
        elif name == "rPh":
            self._phonetic = True
        elif name == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._row, self._column = [], 0

    def text(self, piece: str) -> None:
        if self._reading:
            self._text.append(piece)

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name in ("v", "t"):
            self._reading = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "c" and self._text:
            self._keep("".join(self._text))
        elif name == "row":
            self._ready.append((self._number, self._row))

    def _keep(self, raw: str) -> None:
        reader = self._readers.get(self._kind)
        text = reader(raw) if reader else raw if self._kind == "e" else self._number_text(raw)
        column = min(self._column, LAST_COLUMN)
        if column > len(self._row):
            self._row.extend([""] * (column - len(self._row)))
        self._row[column - 1] = text[: MAX_CELL + 1]

    def _number_text(self, raw: str) -> str:
        value = float(raw)
        if self._style in self._date_styles and 0 <= value < 2_958_466:
            return self._date_text(value)
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(value)

    def _date_text(self, value: float) -> str:
        if value < 1 and self._epoch == EPOCH:
            return (EPOCH + timedelta(seconds=round(value * 86_400))).time().isoformat()
        days = value + 1 if value < 60 and self._epoch == EPOCH else value  # 1900 was no leap year
        moment = self._epoch + timedelta(seconds=round(days * 86_400))
        return moment.date().isoformat() if moment.time() == time.min else moment.isoformat(" ")


def _column(place: str) -> int:
    """The number of a cell's column, from 1.

    >>> _column("A1"), _column("AB7")
    (1, 28)
    """
    number = 0
    for letter in place:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number or 1
