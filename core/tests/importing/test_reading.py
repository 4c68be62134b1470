"""Reading files as people have them: encodings, delimiters, archives, line numbers, and what is refused."""

import gzip
import io
import zipfile

import pytest
import xlsxwriter

from core.importing.problems import FileProblem
from core.importing.reading import Line, read_table
from core.importing.source import examine


def read(data: bytes) -> tuple[list[str], list[Line]]:
    stream = io.BytesIO(data)
    table = read_table(stream, examine(stream))
    return table.header, list(table.lines)


def refused(data: bytes) -> str:
    with pytest.raises(FileProblem) as caught:
        read(data)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
def test_encodings_are_recognised(encoding: str) -> None:
    text = "Name;Ort\nJürgen Weiß;Köln\nZoë Müller;Düsseldorf\nAndré Löwe;Saarbrücken\n" * 3
    lines = text.replace("Name;Ort\n", "", 1).count("Name;Ort")
    header, rows = read(text.encode(encoding))
    assert header == ["Name", "Ort"]
    assert rows[0].cells == ["Jürgen Weiß", "Köln"]
    assert [row.error for row in rows].count("repeated header") == lines == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_recognised(delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (("a", "b", "c"), ("1.5", "x y", "z"), ("2.5", "p", "q")))
    assert read(text.encode())[1][0].cells == ["1.5", "x y", "z"]


def test_line_numbers_are_those_of_an_editor() -> None:
    data = b'name,note\nA,"one\ntwo\nthree"\n\nB,x\r\n"C","y"\n'
    assert [(row.number, row.cells[0]) for row in read(data)[1]] == [(2, "A"), (6, "B"), (7, "C")]


def test_gzip_is_unpacked() -> None:
    assert read(gzip.compress(b"name,city\nA,B\n"))[1] == [Line(2, ["A", "B"])]


def test_workbooks_are_read() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["name", "price"])
        sheet.write_row(2, 0, ["A", 3.0])
        sheet.write_formula(3, 1, "=1+1", None, 2)
        sheet.write_string(3, 0, "B")
    header, rows = read(target.getvalue())
    assert header == ["name", "price"]
    assert [(row.number, row.cells) for row in rows] == [(3, ["A", "3"]), (4, ["B", "2"])]


def test_lines_that_do_not_fit_say_why_and_the_others_are_kept() -> None:
    data = b'name,city\nA,B,C\nshort\nN\x00,x\n"a"b,c\nlast,"open\n'
    header, rows = read(data)
    assert header == ["name", "city"]
    assert [(row.number, bool(row.error)) for row in rows] == [
        (2, True), (3, False), (4, True), (5, True), (6, True),
    ]  # fmt: skip
    assert rows[1].cells == ["short", ""]
    assert "3 values for 2 columns" in rows[0].error
    assert "“name” contains a NUL" in rows[2].error
    assert "never closed" in rows[4].error


def test_numbers_and_years_can_be_column_names() -> None:
    assert read(b"name,2019,2020,Q1,H2\nA,1,2,3,4\n")[0] == ["name", "2019", "2020", "Q1", "H2"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (b"name,,city\nA,B,C\n", "Line 1: column 2 has no name"),
        (b"name,city,Name\nA,B,C\n", "Line 1: columns 1 and 3 are both called “Name”"),
        (b"Anna,anna@example.com,3\nB,b@example.com,4\n", "Line 1 looks like data"),
        (",".join(f"c{n}x" for n in range(300)).encode() + b"\n1\n", "has 300 columns; at most 250"),
        (b"Acme,tech,1996,1100.04,2822\nB,tech,1990,3,4\n", "looks like data (“1100.04”)"),
        (b"\x1f\x8b\x08\x00broken", "gzip archive is damaged"),
        (b"\xd0\xcf\x11\xe0old", "workbook of an old Excel"),
    ],
)
def test_files_that_cannot_be_imported_are_refused_in_words(data: bytes, words: str) -> None:
    assert words in refused(data)


def test_zip_archives_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("data.csv", "a,b\n1,2\n")
    assert "Unpack it" in refused(target.getvalue())


def test_archive_bombs_are_not_unpacked() -> None:
    bomb = gzip.compress(b"name,city\n" + b"a,b\n" * 16_000_000, compresslevel=9)
    assert len(bomb) < 500_000
    assert "more than 200 times its size" in refused(bomb)


def test_files_beyond_the_limit_are_refused(settings: object) -> None:
    settings.IMPORT_MAX_BYTES = 1_500_000  # type: ignore[attr-defined]
    assert "more than 1 MB" in refused(b"name,city\n" + b"a,b\n" * 500_000)
