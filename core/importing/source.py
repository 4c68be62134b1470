"""Looking at an uploaded file before anything is read from it: kind, encoding, delimiter, size, header."""

import codecs
import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import IO, Any

from charset_normalizer import from_bytes
from django.conf import settings
from django.utils.translation import gettext as _

from core.importing.problems import FileProblem

BLOCK = 1 << 20
SAMPLE = 1 << 16
MAX_COLUMNS = 250
MAX_RATIO = 200  # no honest table shrinks further
RATIO_COUNTS_FROM = 50 * 2**20
MAX_SHEET_BYTES = 400 * 2**20  # a worksheet is read whole
MAX_CELL = 1_000_000
DELIMITERS = (",", ";", "\t", "|")
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Layout:
    """How to read the file. `rows` is the number of lines below the header, as close as can be told
    without parsing (line ends inside quoted cells count)."""

    kind: str  # `csv` or `xlsx`
    compressed: bool
    encoding: str
    delimiter: str
    rows: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def examine(stream: IO[bytes], *, name: str = "") -> Layout:
    """The layout of the file. Reads all of it once, in blocks. Raises FileProblem."""
    stream.seek(0)
    head = stream.read(SAMPLE)
    stream.seek(0)
    if not head:
        raise FileProblem(
            _("The file is empty. Choose a file with a line of column names and rows below it.")
        )
    if head.startswith(ZIP):
        _check_workbook(stream)
        return Layout("xlsx", compressed=False, encoding="", delimiter="", rows=0)
    if head.startswith(OLD_EXCEL):
        raise FileProblem(_("This is a workbook of an old Excel. Save it as .xlsx or as CSV and try again."))
    compressed = head.startswith(GZIP)
    facts = _Facts()
    for block in blocks(stream, compressed=compressed):
        facts.add(block)
    encoding = facts.encoding()
    text = _decoded_head(facts.head, encoding)
    if not text.strip("\ufeff \r\n\t"):
        raise FileProblem(
            _("The file is empty. Choose a file with a line of column names and rows below it.")
        )
    return Layout("csv", compressed, encoding, guess_delimiter(text), max(0, facts.lines - 1))


def blocks(stream: IO[bytes], *, compressed: bool) -> Iterator[bytes]:
    """The plain bytes of the file. Raises FileProblem for broken archives and for bombs."""
    limit = settings.IMPORT_MAX_BYTES
    stream.seek(0)
    source: IO[bytes] = gzip.GzipFile(fileobj=stream, mode="rb") if compressed else stream  # type: ignore[assignment]
    total = 0
    try:
        while block := source.read(BLOCK):
            total += len(block)
            if total > limit:
                raise FileProblem(
                    _("The file holds more than %(limit)s. Split it into smaller files.")
                    % {"limit": megabytes(limit)}
                )
            if compressed and total > RATIO_COUNTS_FROM and total > MAX_RATIO * max(1, stream.tell()):
                raise FileProblem(
                    _("The archive unpacks to more than %(ratio)s times its size and was not read further.")
                    % {"ratio": MAX_RATIO}
                )
            yield block
    except (OSError, EOFError) as error:
        if not compressed:
            raise
        raise FileProblem(_("The gzip archive is damaged. Pack the file again.")) from error


def megabytes(size: int) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{max(1, size // 2**20)} MB"


def guess_delimiter(text: str) -> str:
    """The character that splits the first lines into the most, and equally many, cells."""
    lines = text.splitlines(keepends=True)[:40]
    best, delimiter = (0.0, 1), ","
    for candidate in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines[:-1] or lines, delimiter=candidate) if row]
        if not widths or widths[0] < 2:
            continue
        alike = sum(width == widths[0] for width in widths) / len(widths)
        if (alike, widths[0]) > best:
            best, delimiter = (alike, widths[0]), candidate
    return delimiter


class _Facts:
    """What one pass over the bytes tells."""

    def __init__(self) -> None:
        self.head = b""
        self.lines = 0
        self.last = b"\n"
        self.foreign = b""  # the neighbourhood of the first bytes that are not ASCII
        self.utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()

    def add(self, block: bytes) -> None:
        if not self.head:
            self.head = block[:SAMPLE]
        self.lines += block.count(b"\n") or (block.count(b"\r") if b"\r" in block else 0)
        self.last = block[-1:]
        if self.utf8 is not None:
            try:
                self.utf8.decode(block)
            except UnicodeDecodeError:
                self.utf8 = None
        if not block.isascii() and len(self.foreign) < 4 * SAMPLE:
            first = next(index for index, byte in enumerate(block) if byte > 127)
            self.foreign += block[max(0, first - 2000) : first + SAMPLE]

    def encoding(self) -> str:
        if self.last not in (b"\n", b"\r"):
            self.lines += 1
        for mark, name in (
            (codecs.BOM_UTF8, "utf-8-sig"),
            (codecs.BOM_UTF16_LE, "utf-16"),
            (codecs.BOM_UTF16_BE, "utf-16"),
        ):
            if self.head.startswith(mark):
                return name
        start = self.head[:2000]
        if start[1::2].count(0) > len(start) // 3:
            return "utf-16-le"
        if start[0::2].count(0) > len(start) // 3:
            return "utf-16-be"
        if self.utf8 is not None:
            return "utf-8"
        guess = from_bytes(self.foreign, cp_isolation=["cp1252", "cp1250", "cp1251", "latin_1"]).best()
        return guess.encoding if guess is not None else "latin_1"


def _decoded_head(head: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)


def _check_workbook(stream: IO[bytes]) -> None:
    """A workbook small enough to be read whole; the sizes are counted, not believed."""
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" not in names:
                raise FileProblem(
                    _(
                        "This is a ZIP archive. Unpack it and choose the file inside, or pack one file with gzip."
                    )
                )
            total = 0
            for name in names:
                with archive.open(name) as member:
                    while block := member.read(BLOCK):
                        total += len(block)
                        if total > MAX_SHEET_BYTES:
                            raise FileProblem(
                                _(
                                    "The workbook unpacks to more than %(limit)s. Save the sheet as CSV instead."
                                )
                                % {"limit": megabytes(MAX_SHEET_BYTES)}
                            )
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileProblem(
            _("The workbook is damaged or has a password. Open it, save it again and try once more.")
        ) from error
    finally:
        stream.seek(0)


class PlainBytes(io.RawIOBase):
    """`blocks()` as a file to read from."""

    def __init__(self, stream: IO[bytes], *, compressed: bool) -> None:
        self._blocks = blocks(stream, compressed=compressed)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = next(self._blocks, b"")
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
