"""Reading files as people have them: encodings, delimiters, archives, line numbers, and what is refused."""

import gzip
import io
import zipfile
from datetime import datetime

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
        sheet.write_datetime(4, 0, datetime(2024, 2, 29), workbook.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_datetime(4, 1, datetime(2024, 2, 29, 13, 5), workbook.add_format({"num_format": 22}))
        sheet.write_row(5, 0, ["a\rb <&> _x000D_ ü", True])
        sheet.write_row(6, 0, [-0.25, 12_345_678.9])
    header, rows = read(target.getvalue())
    assert header == ["name", "price"]
    assert [(row.number, row.cells) for row in rows] == [
        (3, ["A", "3"]), (4, ["B", "2"]), (5, ["2024-02-29", "2024-02-29 13:05:00"]),
        (6, ["a\rb <&> _x000D_ ü", "True"]), (7, ["-0.25", "12345678.9"]),
    ]  # fmt: skip


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


def test_columns_without_a_name_or_of_the_same_name_are_told_apart() -> None:
    header, rows = read(b"name,,Name,city\nA,B,C,D\nname,,Name,city\n")
    assert header == ["name", "Column 2", "Name (2)", "city"]
    assert [(row.cells, row.error) for row in rows] == [
        (["A", "B", "C", "D"], ""), (["name", "", "Name", "city"], "repeated header"),
    ]  # fmt: skip


def test_a_quotation_mark_never_closed_costs_one_line_alone() -> None:
    rows = read(b'name,city\nA,"open\nB,x\nC,"also open\nD,y\n')[1]
    assert [(row.number, row.cells, bool(row.error)) for row in rows] == [
        (2, ["A", '"open'], True), (3, ["B", "x"], False), (4, ["C", '"also open'], True), (5, ["D", "y"], False),
    ]  # fmt: skip


def test_files_joined_from_two_encodings_keep_every_letter() -> None:
    lines = ["Jürgen;Köln".encode(), "Zoë;Düsseldorf".encode("cp1252"), "André;Łódź".encode()]
    rows = read(b"Name;Ort\n" + b"\n".join(lines) + b"\n")[1]
    assert [row.cells for row in rows] == [["Jürgen", "Köln"], ["Zoë", "Düsseldorf"], ["André", "Łódź"]]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("shift_jis", "名前;都市\n山田太郎;東京都\n鈴木花子;大阪府\n" * 20),
        ("cp1251", "Имя;Город\nИван Петров;Москва\nАнна Смирнова;Санкт-Петербург\n" * 20),
        ("gb18030", "姓名;城市\n王小明;北京市朝阳区\n李华;上海市浦东新区\n" * 20),
        ("cp1250", "Jméno;Město\nPřemysl Čermák;Plzeň\nŽaneta Šťastná;Ústí nad Labem\n" * 20),
    ],
)
def test_old_encodings_of_other_scripts_are_recognised(encoding: str, text: str) -> None:
    header, rows = read(text.encode(encoding))
    assert header == text.split("\n")[0].split(";")
    assert rows[0].cells == text.split("\n")[1].split(";")


def test_numbers_and_years_can_be_column_names() -> None:
    assert read(b"name,2019,2020,Q1,H2\nA,1,2,3,4\n")[0] == ["name", "2019", "2020", "Q1", "H2"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (b"Anna,anna@example.com,3\nB,b@example.com,4\n", "Line 1 looks like data"),
        (",".join(f"c{n}x" for n in range(1200)).encode() + b"\n1\n", "has 1200 columns; at most 1000"),
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
