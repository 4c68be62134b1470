"""Looking at an uploaded file before anything is read from it: kind, encoding, delimiter, size, header."""

import codecs
import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

from charset_normalizer import from_bytes
from django.conf import settings
from django.utils.translation import gettext_lazy

from core.importing.problems import FileProblem
from core.importing.vcard import used_columns
from core.importing.workbook import check_workbook, count_rows

BLOCK = 1 << 20
SAMPLE = 1 << 16
MAX_COLUMNS = 1000
MAX_RATIO = 200  # no honest table shrinks further
RATIO_COUNTS_FROM = 50 * 2**20
MAX_CELL = 2_000_000
DELIMITERS = (",", ";", "\t", "|")
KINDS = ("auto", "csv", "xlsx", "vcard")
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
LEGACY = [
    "cp1252", "cp1250", "cp1251", "latin_1", "cp1253", "cp1254", "cp1256", "koi8_r", "shift_jis", "gb18030",
    "big5", "euc_kr", "euc_jp", "cp437", "cp850", "mac_roman",
]  # fmt: skip
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
WORDS = {"csv": "CSV", "xlsx": "XLSX", "vcard": "vCard"}
EMPTY = gettext_lazy("The file is empty. Choose a file with a line of column names and rows below it.")


@dataclass(frozen=True)
class Layout:
    """How to read the file. `rows` is the number of lines below the header, as close as can be told
    without parsing (line ends inside quoted cells count)."""

    kind: str  # `csv`, `xlsx` or `vcard`
    compressed: bool
    encoding: str
    delimiter: str
    rows: int
    columns: Sequence[str] = ()  # of a file that names none itself (vCard)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def examine(
    stream: IO[bytes], *, name: str = "", kind: str = "auto", encoding: str = "", delimiter: str = ""
) -> Layout:
    """The layout of the file, as it looks or as somebody says (`kind`, `encoding`, `delimiter`). Reads all of
    it once, in blocks. Raises FileProblem."""
    stream.seek(0)
    head = stream.read(SAMPLE)
    stream.seek(0)
    if not head:
        raise FileProblem(EMPTY)
    if head.startswith(ZIP):
        _demand(kind, "xlsx")
        check_workbook(stream)
        return Layout("xlsx", compressed=False, encoding="", delimiter="", rows=count_rows(stream))
    if head.startswith(OLD_EXCEL):
        raise FileProblem(
            gettext_lazy("This is a workbook of an old Excel. Save it as .xlsx or as CSV and try again.")
        )
    compressed = head.startswith(GZIP)
    facts = _Facts()
    for block in blocks(stream, compressed=compressed):
        facts.add(block)
    encoding = known_encoding(encoding) if encoding else facts.encoding()
    text = _decoded_head(facts.head, encoding)
    if not text.strip("\ufeff \r\n\t"):
        raise FileProblem(EMPTY)
    if text.lstrip("\ufeff \r\n\t")[:11].upper() == "BEGIN:VCARD":
        _demand(kind, "vcard")
        columns, cards = used_columns(PlainBytes(stream, compressed=compressed), encoding)
        return Layout("vcard", compressed, encoding, "", cards, columns)
    _demand(kind, "csv")
    return Layout(
        "csv", compressed, encoding, delimiter or guess_delimiter(text), max(0, facts.line_count() - 1)
    )


def _demand(said: str, found: str) -> None:
    if said not in ("auto", found):
        raise FileProblem(
            gettext_lazy("This is no %(said)s file; it looks like %(found)s."),
            said=WORDS.get(said, said),
            found=WORDS[found],
        )


def known_encoding(name: str) -> str:
    """Python's name of an encoding. Raises FileProblem for one there is not."""
    try:
        found = codecs.lookup(name)
        "".encode(found.name)  # no codec of bytes to bytes
    except (LookupError, TypeError, ValueError):
        raise FileProblem(gettext_lazy("There is no encoding called “%(name)s”."), name=name[:40]) from None
    return found.name


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
                    gettext_lazy("The file holds more than %(limit)s. Split it into smaller files."),
                    limit=megabytes(limit),
                )
            if compressed and total > RATIO_COUNTS_FROM and total > MAX_RATIO * max(1, stream.tell()):
                raise FileProblem(
                    gettext_lazy(
                        "The archive unpacks to more than %(ratio)s times its size and was not read further."
                    ),
                    ratio=MAX_RATIO,
                )
            yield block
    except (OSError, EOFError) as error:
        if not compressed:
            raise
        raise FileProblem(gettext_lazy("The gzip archive is damaged. Pack the file again.")) from error


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

    def line_count(self) -> int:
        return self.lines + (self.last not in (b"\n", b"\r"))

    def encoding(self) -> str:
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
        if self.utf8 is not None or _mostly_utf8(self.foreign):
            return "utf-8"
        guess = from_bytes(self.foreign, cp_isolation=LEGACY).best()
        return guess.encoding if guess is not None else "latin_1"


def _mostly_utf8(sample: bytes) -> bool:
    """Whether files of several programs were joined: at least as many characters in UTF-8 as stray bytes."""
    text = sample.decode("utf-8", "surrogateescape")
    stray = sum("\udc80" <= c <= "\udcff" for c in text)
    return sum(c > "\x7f" for c in text) - stray >= stray


def _stray_bytes(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are wrong in the file's encoding are read as Windows reads them: no line is lost by them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    raw = error.object[error.start : error.end]
    return raw.decode("cp1252", "replace" if len(raw) > 1 else "ignore") or raw.decode("latin_1"), error.end


codecs.register_error("stray_bytes", _stray_bytes)


def _decoded_head(head: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)


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
