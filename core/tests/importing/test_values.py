"""Values in the file's own style."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core.exporting.cells import harmless
from core.importing.numbers import parse_number
from core.importing.problems import Suggestion
from core.importing.style import BadValue, Style
from core.importing.values import clean_text, guess_style, parse_moment
from core.importing.words import nearest
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1,234.50", ".", "1234.50"),
        ("1.234,50", ",", "1234.50"),
        ("€ 1 234,5", ",", "1234.5"),
        ("(12.30)", ".", "-12.30"),
        ("-7", ".", "-7"),
        ("1e3", ".", "1E+3"),
    ],
)
def test_numbers_are_read_in_both_styles(text: str, decimal: str, value: str) -> None:
    assert parse_number(text, Style(decimal=decimal)) == Decimal(value)


@pytest.mark.parametrize("text", ["abc", "1-2", "", "NaN", "Infinity"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        parse_number(text, Style())


@pytest.mark.parametrize(
    ("text", "dates", "expected"),
    [
        ("2017-03-01", "ymd", datetime(2017, 3, 1, tzinfo=UTC)),
        ("31/12/2016", "dmy", datetime(2016, 12, 31, tzinfo=UTC)),
        ("12/31/16", "mdy", datetime(2016, 12, 31, tzinfo=UTC)),
        ("2010-12-01 08:26:00", "ymd", datetime(2010, 12, 1, 8, 26, tzinfo=UTC)),
        ("1.2.2020 5:07 PM", "dmy", datetime(2020, 2, 1, 17, 7, tzinfo=UTC)),
        ("2020-02-01T10:00:00+02:00", "ymd", datetime(2020, 2, 1, 8, tzinfo=UTC)),
        ("1 Dec 2010", "ymd", datetime(2010, 12, 1, tzinfo=UTC)),
    ],
)
def test_moments_are_read_in_the_files_style(text: str, dates: str, expected: datetime) -> None:
    assert parse_moment(text, Style(dates=dates), ZoneInfo("UTC")) == expected


def test_moments_without_offset_are_the_organisations_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert parse_moment("2020-07-01 12:00", Style(), berlin) == datetime(2020, 7, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2017-13-01", "31/31/2020", "yesterday", "2017-02-30"])
def test_impossible_dates_are_refused(text: str) -> None:
    with pytest.raises(BadValue):
        parse_moment(text, Style(), ZoneInfo("UTC"))


def test_style_is_guessed_from_the_values() -> None:
    assert guess_style(["01/02/2020", "13/02/2020", "1.234,50"]) == (Style("dmy", ","), False)
    assert guess_style(["01/31/2020", "1,234.50"]) == (Style("mdy", "."), False)
    assert guess_style(["01/02/2020"]) == (Style("dmy", "."), True)


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(1)", "@SUM(A1)", "+cmd|x", "-A1(2)"])
def test_formula_cells_are_refused(text: str) -> None:
    with pytest.raises(BadValue, match="formula"):
        clean_text(text, 100)


def test_texts_that_only_look_odd_are_kept() -> None:
    texts = ["+49 30 1", "-12", "@anna", "- none"]
    assert [clean_text(text, 100) for text in texts] == texts


@pytest.mark.parametrize("text", ["=1+1", "+49 30 123", "-x", "@anna", "\tx"])
def test_what_an_export_makes_harmless_comes_back_as_it_was(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert clean_text(harmless(text), 100) == text


def test_near_words_are_offered_best_first_and_far_ones_not() -> None:
    options = [
        Suggestion(n, word)
        for n, word in enumerate(("GTX Pro", "GTX Plus Pro", "MG Special", "technology", "biotechnology"))
    ]
    assert [s.label for s in nearest("GTXPro", options)] == ["GTX Pro"]
    assert [s.label for s in nearest("technolgy", options)] == ["technology"]
    assert nearest("something else", options) == []


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("12.50 EUR", ".", "12.50"), ("€ 1.234,56", ",", "1234.56"), ("(1,200.00)", ".", "-1200.00"),
        ("12 500,5", ",", "12500.5"), ("CHF 1'000.-", ".", "1000"), ("-$3", ".", "-3"), ("5-", ".", "-5"),
        ("(3) €", ",", "-3"), ("1,23,456.7", ".", "123456.7"), ("1.234", ",", "1234"), ("1e3", ".", "1000"),
    ],
)  # fmt: skip
def test_numbers_are_read_in_the_files_own_style(text: str, decimal: str, number: str) -> None:
    assert parse_number(text, Style(decimal=decimal)) == Decimal(number)


@pytest.mark.parametrize(("text", "decimal"), [("12.50", ","), ("1,5", "."), ("1,2345", "."), ("12 50", ".")])
def test_numbers_that_the_style_can_not_have_meant_are_refused(text: str, decimal: str) -> None:
    with pytest.raises(BadValue, match="could be two numbers"):
        parse_number(text, Style(decimal=decimal))


@pytest.mark.django_db
def test_an_ambiguous_number_is_refused_by_line_and_column() -> None:
    content = 'name,employees,revenue\nAcme,5,12.50 EUR\nBeta,6,"1,5"\nGamma,7,(1.00)\n'
    batch, _job = bring(make_user("admin"), "companies", content)
    assert fates(batch) == [(2, "created"), (3, "failed"), (4, "created")]
    problem = batch.rows.get(line=3).problems[0]
    assert (problem["column"], problem["text"]) == ("revenue", "1,5")
