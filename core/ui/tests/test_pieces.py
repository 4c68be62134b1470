"""Words, figures, charts, and what the front end is built from."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from core.ui import charts, markup
from frontend import budget, icons


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("148600"), "€148,600"),
        (Decimal("12.5"), "€12.50"),
        (Decimal("-3"), "−€3"),
        (0, "€0"),
        (None, ""),
    ],
)
def test_money_is_written_in_full(value: Decimal | None, text: str) -> None:
    assert markup.money_text(value, "EUR") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (950, "950"),
        (999.6, "1k"),
        (38_400, "38.4k"),
        (999_600, "1M"),
        (1_240_000, "1.24M"),
        (2_000_000_000, "2B"),
    ],
)
def test_short_numbers_have_three_figures(value: float, text: str) -> None:
    assert markup.short_number(value) == text


def test_times_are_told_in_the_largest_fitting_unit() -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    told = [
        markup.ago_text(now - timedelta(seconds=seconds), now)
        for seconds in (5, 120, 7300, 86_400, 3 * 86_400, 15 * 86_400)
    ]
    assert told == ["just now", "2 min ago", "2 h ago", "Yesterday", "3 days ago", "2 weeks ago"]


def test_due_dates_say_how_they_stand() -> None:
    today = date(2026, 11, 22)
    assert markup.due_text(date(2026, 11, 20), today) == "2 days overdue"
    assert markup.due_text(date(2026, 11, 22), today) == "Today"
    assert markup.due_text(date(2026, 11, 23), today) == "Tomorrow"
    assert [markup.due_tone(day, today) for day in (date(2026, 11, 20), today, None, date(2026, 12, 1))] == [
        "late",
        "today",
        "none",
        "",
    ]


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Amara Okafor", "AO"), ("Plato", "P"), ("田中 美咲", "田美"), ("", "?"), ("Юлия П", "ЮП")],
)
def test_initials_stand_for_names_in_any_script(name: str, letters: str) -> None:
    assert markup.initials(name) == letters


def test_pieces_escape_what_they_are_given() -> None:
    evil = '"><script>'
    for html in (markup.badge(evil), markup.person(evil), markup.avatar(evil), markup.muted(evil)):
        assert "<script>" not in html


def test_when_writes_the_exact_moment_beside_the_relative_one() -> None:
    html = markup.when(timezone.now() - timedelta(minutes=5))
    assert html.startswith('<time datetime="')
    assert "5 min ago" in html


@pytest.mark.parametrize(
    ("value", "ceiling"), [(0, 1), (7, 10), (10, 10), (101, 200), (212, 250), (400, 500)]
)
def test_axes_end_at_a_readable_figure(value: float, ceiling: float) -> None:
    assert charts.nice_ceiling(value) == ceiling


def test_a_bar_chart_comes_in_two_widths_with_its_table() -> None:
    months = ["Jan", "Feb", "Mar"]
    html = charts.bar_chart(
        "Won", months, [charts.Series("Won", [1, 2, 3])], target=[2, 2, None], narrow_last=2
    )
    assert html.count("<svg") == 2 + html.count("#table")
    assert 'class="chart wide"' in html
    assert 'class="chart narrow"' in html
    assert html.count('<th scope="row">') == 3
    assert "style=" not in html


@pytest.mark.parametrize(
    "html",
    [
        charts.bars("Funnel", [charts.Bar("A", 0), charts.Bar("<b>", 3, "2 deals", "/x/")]),
        charts.heat_map("Heat", ["Mon"], ["8", "9"], [[0, 0]]),
        charts.line_chart("Line", ["a"], [charts.Series("S", [0])]),
        charts.sparkline("Spark", [2, 2, 2]),
        charts.stacked("Parts", [charts.Segment("A", 0)]),
        charts.meter(2.5, "Quota"),
        charts.stage_progress(0, 0, "Stage"),
        charts.bar_chart("None", [], []),
    ],
    ids=["bars", "heat", "line", "spark", "stacked", "meter", "stages", "nothing"],
)
def test_charts_bear_zeros_and_write_no_style(html: str) -> None:
    assert "style=" not in html
    assert "nan" not in html.lower()
    assert "<b>" not in html.replace('<b class="num">', "")


def test_icon_names_are_found_where_icons_are_named() -> None:
    source = (
        'x = Panel(icon="phone", label="note")\nKIND_ICONS = {"a": "mail"}\nmarkup.icon("star")\ny = "trash"'
    )
    assert icons.names_in_python(source) >= {"phone", "mail", "star"}
    assert not icons.names_in_python(source) & {"trash", "note"}


def test_the_sprite_holds_only_icons_that_exist(tmp_path: Path) -> None:
    (tmp_path / "phone.svg").write_text('<!-- c --><svg viewBox="0 0 24 24">\n  <path d="M1 1"/>\n</svg>')
    text, held = icons.sprite({"phone", "../etc", "nothing"}, tmp_path)
    assert held == ["phone"]
    assert '<symbol id="phone" viewBox="0 0 24 24"><path d="M1 1"/></symbol>' in text


@pytest.mark.parametrize(
    ("drawn", "kept"),
    [
        ('<path stroke="none" d="M0 0h24v24H0z" fill="none" /><path d="M3 13h4" />', '<path d="M3 13h4"/>'),
        ('<path d="M3 13h4" /><path d="M8 1v2" />', '<path d="M3 13h4M8 1v2"/>'),
        ('<path d="M3 13h4" /><path d="m8 1v2" />', '<path d="M3 13h4"/><path d="m8 1v2"/>'),
        ('<path d="M3 13h4" /><circle r="2" />', '<path d="M3 13h4"/><circle r="2"/>'),
    ],
)
def test_an_icon_is_one_stroke_where_it_can_be(tmp_path: Path, drawn: str, kept: str) -> None:
    (tmp_path / "phone.svg").write_text(f'<svg viewBox="0 0 24 24">\n  {drawn}\n</svg>')
    text, _held = icons.sprite({"phone"}, tmp_path)
    assert text == (
        '<svg xmlns="http://www.w3.org/2000/svg" display="none">'
        f'<symbol id="phone" viewBox="0 0 24 24">{kept}</symbol></svg>'
    )


def test_the_budget_counts_what_a_page_loads_at_once(tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text('import{a}from"./one.js";import("./lazy.js")')
    (tmp_path / "one.js").write_text("export const a=1")
    (tmp_path / "lazy.js").write_text("1")
    assert [path.name for path in budget.loaded_scripts(tmp_path)] == ["app.js", "one.js"]


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (999, "999"), (17693, "17,693"), (-1200000, "-1,200,000")]
)
def test_counts_in_full_are_grouped(value: int, text: str) -> None:
    assert markup.whole_number(value) == text
