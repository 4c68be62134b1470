"""Charts drawn on the server as SVG, each with its figures in a table behind it.

Two variants are drawn, wide and narrow, because a fluid SVG shrinks its text; the style sheet shows one.
No inline styles: colours are classes, sizes are attributes.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.ui.markup import short_number

Format = Callable[[Any], str]


@dataclass(frozen=True)
class Series:
    """One row of figures; `style` is `series-1` … `series-8`, `ghost` (expected) or `rest`."""

    label: str
    values: Sequence[float]
    style: str = "series-1"


@dataclass(frozen=True)
class Bar:
    """One bar of a horizontal chart; `note` stands below its figure, `url` opens the rows behind it."""

    label: str
    value: float
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Segment:
    """A part of a whole."""

    label: str
    value: float
    style: str = "series-1"
    url: str = ""


@dataclass(frozen=True)
class Frame:
    """The drawing area of one variant, in SVG units."""

    width: int
    height: int
    start: int = 48
    end: int = 4
    top: int = 10
    bottom: int = 24
    css: str = "wide"

    @property
    def inner_width(self) -> int:
        return self.width - self.start - self.end

    @property
    def inner_height(self) -> int:
        return self.height - self.top - self.bottom


@dataclass(frozen=True)
class Table:
    """The figures as a table: header cells and rows of cells, the first of each row its heading."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]] = field(default_factory=list)


def nice_ceiling(value: float) -> float:
    """The smallest of 1, 2, 2.5, 5 × 10ⁿ that is not below `value`: a readable end of an axis."""
    if value <= 0:
        return 1.0
    power = float(10 ** math.floor(math.log10(value)))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if value <= step * power * 1.0000001)


def _ticks(highest: float) -> list[float]:
    step = nice_ceiling(highest / 5)
    return [step * n for n in range(math.ceil(highest / step) + 1)] if highest > 0 else [0.0, 1.0]


def _figure(label: str, drawings: Sequence[SafeString], table: Table) -> SafeString:
    context = {"label": label, "drawings": drawings, "table": table}
    return render_to_string("ui/_chart.html", context)


def bar_chart(
    label: str,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    target: Sequence[float | None] | None = None,
    show: Format = short_number,
    exact: Format | None = None,
    urls: Sequence[str] = (),
    narrow_last: int = 6,
) -> SafeString:
    """Stacked columns with an optional dashed target line.

    `show` writes the axis, `exact` (default `show`) the table and the tooltips. The narrow variant keeps
    the last `narrow_last` categories.
    """
    exact = exact or show
    wide = _draw_columns(Frame(700, 260), label, categories, series, target, show, exact, urls)
    cut = max(0, len(categories) - narrow_last)
    narrow = _draw_columns(
        Frame(340, 210, css="narrow"),
        label,
        categories[cut:],
        [Series(one.label, one.values[cut:], one.style) for one in series],
        target[cut:] if target else None,
        show,
        exact,
        urls[cut:] if urls else (),
    )
    head = ["", *(one.label for one in series), *([_("Target")] if target else [])]
    rows = []
    for at, category in enumerate(categories):
        goal = [exact(target[at]) if target[at] is not None else ""] if target else []
        rows.append([category, *(exact(one.values[at]) for one in series), *goal])
    return _figure(label, [wide, narrow], Table(head, rows))


def _draw_columns(
    frame: Frame,
    label: str,
    categories: Sequence[str],
    series: Sequence[Series],
    target: Sequence[float | None] | None,
    show: Format,
    exact: Format,
    urls: Sequence[str],
) -> SafeString:
    totals = [sum(float(one.values[at]) for one in series) for at in range(len(categories))]
    ticks = _ticks(max([*totals, *(float(t) for t in target or [] if t is not None), 0.0]))
    scale = frame.inner_height / ticks[-1]
    slot = frame.inner_width / max(1, len(categories))
    floor = frame.top + frame.inner_height
    parts = [_gridline(frame, floor - tick * scale, show(tick)) for tick in ticks]
    for at, category in enumerate(categories):
        middle = frame.start + slot * (at + 0.5)
        bars = _column(middle, floor, min(30.0, slot * 0.56), at, series, scale)
        hint = f"{category}: {', '.join(f'{one.label} {exact(one.values[at])}' for one in series)}"
        group = format_html("<g><title>{}</title>{}</g>", hint, bars)
        if urls and urls[at]:
            group = format_html(
                '<a class="bar-link" href="{}" aria-label="{}">{}</a>',
                urls[at],
                hint,
                group,
            )
        parts.append(group)
        parts.append(_text(middle, floor + 17, category, anchor="middle"))
    if target:
        parts.append(_target_line(frame, target, slot, floor, scale))
    return _svg(frame, label, parts)


def _column(
    middle: float,
    floor: float,
    width: float,
    at: int,
    series: Sequence[Series],
    scale: float,
) -> SafeString:
    pieces = []
    base = floor
    for one in series:
        height = max(0.0, float(one.values[at]) * scale)
        if height:
            base -= height
            pieces.append((one.style, _n(middle - width / 2), _n(base), _n(width), _n(height)))
    return format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>', pieces)


def _target_line(
    frame: Frame,
    target: Sequence[float | None],
    slot: float,
    floor: float,
    scale: float,
) -> SafeString:
    points = [
        f"{_n(frame.start + slot * (at + 0.5))},{_n(floor - float(value) * scale)}"
        for at, value in enumerate(target)
        if value is not None
    ]
    return format_html('<polyline class="target" points="{}"/>', " ".join(points))


def _gridline(frame: Frame, y: float, label: str) -> SafeString:
    line = format_html(
        '<line class="gridline" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        frame.start, frame.width - frame.end, _n(y), _n(y),
    )  # fmt: skip
    return format_html("{}{}", line, _text(frame.start - 8, y + 4, label, anchor="end"))


def _text(x: float, y: float, words: str, *, anchor: str = "start", css: str = "") -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>',
        _n(x),
        _n(y),
        anchor,
        css,
        words,
    )


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _svg(frame: Frame, label: str, parts: Sequence[SafeString]) -> SafeString:
    # A drawing with links is a group of them; one without is an image with its label.
    role = "group" if any('class="bar-link"' in part for part in parts) else "img"
    return format_html(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="{}" aria-label="{}">{}</svg>',
        frame.css, frame.width, frame.height, role, label, format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def line_chart(
    label: str,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    show: Format = short_number,
    exact: Format | None = None,
) -> SafeString:
    """Lines over time; every series as a line in its own colour."""
    exact = exact or show
    drawings = []
    for frame in (Frame(700, 240), Frame(340, 200, css="narrow")):
        ticks = _ticks(max((float(v) for one in series for v in one.values), default=0.0))
        scale, floor = frame.inner_height / ticks[-1], frame.top + frame.inner_height
        step = frame.inner_width / max(1, len(categories) - 1)
        parts = [_gridline(frame, floor - tick * scale, show(tick)) for tick in ticks]
        every = max(1, math.ceil(len(categories) / (12 if frame.css == "wide" else 5)))
        for at in range(0, len(categories), every):
            anchor = "end" if at == len(categories) - 1 else "middle" if at else "start"
            parts.append(_text(frame.start + at * step, floor + 17, categories[at], anchor=anchor))
        for one in series:
            points = " ".join(
                f"{_n(frame.start + at * step)},{_n(floor - float(v) * scale)}"
                for at, v in enumerate(one.values)
            )
            parts.append(format_html('<polyline class="line {}" points="{}"/>', one.style, points))
        drawings.append(_svg(frame, label, parts))
    rows = [[c, *(exact(one.values[at]) for one in series)] for at, c in enumerate(categories)]
    return _figure(label, drawings, Table(["", *(one.label for one in series)], rows))


def sparkline(label: str, values: Sequence[float], *, width: int = 96, height: int = 36) -> SafeString:
    """A small line without axes for a tile; the tile's own figure says what matters."""
    if len(values) < 2:
        return SafeString("")
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    step = (width - 8) / (len(values) - 1)
    points = [(4 + at * step, 4 + (height - 8) * (1 - (v - low) / spread)) for at, v in enumerate(values)]
    line = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    area = f"{_n(points[0][0])},{height} {line} {_n(points[-1][0])},{height}"
    return format_html(
        '<svg class="chart spark-chart" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<polygon class="spark-area" points="{}"/><polyline class="spark" points="{}"/>'
        '<circle class="series-1" cx="{}" cy="{}" r="2.5"/></svg>',
        width, height, width, height, label, area, line, _n(points[-1][0]), _n(points[-1][1]),
    )  # fmt: skip


def bars(
    label: str,
    items: Sequence[Bar],
    *,
    show: Format = short_number,
    head: Sequence[str] = (),
) -> SafeString:
    """Horizontal bars, also as a funnel: label, bar, figure and note; each bar may open its rows."""
    highest = max((float(item.value) for item in items), default=0.0) or 1.0
    drawings = []
    for frame in (
        Frame(560, 0, start=124, end=96),
        Frame(340, 0, start=96, end=84, css="narrow"),
    ):
        rows, pitch = [], 43
        for at, item in enumerate(items):
            y = at * pitch + 4
            length = max(2.0, float(item.value) / highest * frame.inner_width)
            opacity = f"{max(0.4, 1 - at * 0.15):.2f}"
            drawn = format_html(
                '{}<rect class="series-1" x="{}" y="{}" width="{}" height="25" rx="6" opacity="{}"/>{}{}',
                _text(0, y + 17, _shortened(item.label, 18 if frame.css == "wide" else 14), css="label"),
                frame.start, y, _n(length), opacity,
                _text(frame.start + length + 9, y + (11 if item.note else 17), show(item.value), css="value-label"),
                _text(frame.start + length + 9, y + 25, item.note) if item.note else "",
            )  # fmt: skip
            if item.url:
                drawn = format_html('<a class="bar-link" href="{}">{}</a>', item.url, drawn)
            rows.append(drawn)
        sized = Frame(frame.width, max(1, len(items)) * pitch, css=frame.css)
        drawings.append(_svg(sized, label, rows))
    table = Table(
        head or ["", _("Value"), ""],
        [[item.label, show(item.value), item.note] for item in items],
    )
    return _figure(label, drawings, table)


def _shortened(words: str, limit: int) -> str:
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def heat_map(
    label: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float]],
    *,
    show: Format = short_number,
) -> SafeString:
    """A grid of cells, the darker the higher; every cell says its figure when pointed at."""
    highest = max((float(v) for line in values for v in line), default=0.0) or 1.0
    drawings = []
    for frame in (
        Frame(560, 0, start=44, end=0),
        Frame(340, 0, start=36, end=0, css="narrow"),
    ):
        cell, pitch = frame.inner_width / max(1, len(columns)), 26
        parts = []
        for y, (row, line) in enumerate(zip(rows, values, strict=True)):
            parts.append(_text(0, y * pitch + 17, row))
            for x, value in enumerate(line):
                parts.append(
                    format_html(
                        '<rect class="heat" x="{}" y="{}" width="{}" height="{}" rx="4" opacity="{}">'
                        "<title>{} {}: {}</title></rect>",
                        _n(frame.start + x * cell),
                        y * pitch,
                        _n(cell - 3),
                        pitch - 3,
                        f"{0.06 + 0.94 * float(value) / highest:.2f}",
                        row,
                        columns[x],
                        show(value),
                    )
                )
        every = max(1, math.ceil(len(columns) / (14 if frame.css == "wide" else 7)))
        for x in range(0, len(columns), every):
            parts.append(
                _text(
                    frame.start + (x + 0.5) * cell,
                    len(rows) * pitch + 14,
                    columns[x],
                    anchor="middle",
                )
            )
        drawings.append(_svg(Frame(frame.width, len(rows) * pitch + 20, css=frame.css), label, parts))
    table = Table(
        ["", *columns],
        [[r, *(show(v) for v in line)] for r, line in zip(rows, values, strict=True)],
    )
    return _figure(label, drawings, table)


def stacked(
    label: str,
    segments: Sequence[Segment],
    *,
    total: float | None = None,
    show: Format = short_number,
) -> SafeString:
    """Parts of a whole in one bar, with a legend that carries the figures; `total` leaves a rest open."""
    whole = float(total if total is not None else sum(float(s.value) for s in segments)) or 1.0
    width, x = 640.0, 0.0
    pieces = []
    for segment in segments:
        length = min(width - x, float(segment.value) / whole * width)
        if length > 0:
            pieces.append(
                (
                    segment.style,
                    _n(x),
                    _n(max(1.0, length - 2)),
                    segment.label,
                    show(segment.value),
                )
            )
            x += length
    drawing = format_html(
        '<svg class="chart stacked" viewBox="0 0 640 26" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="rest" width="640" height="26" rx="6" opacity=".35"/>{}</svg>',
        label,
        format_html_join(
            "",
            '<rect class="{}" x="{}" width="{}" height="26" rx="3"><title>{}: {}</title></rect>',
            pieces,
        ),
    )
    legend = format_html_join(
        "",
        '<span class="{}"><i></i>{} <b class="num">{}</b></span>',
        (
            (
                f"hue-{s.style[-1]}" if s.style[-1].isdigit() else "",
                s.label,
                show(s.value),
            )
            for s in segments
        ),
    )
    return format_html(
        '<div class="stacked-chart">{}<div class="legend">{}</div></div>',
        drawing,
        legend,
    )


def meter(value: float, label: str, tone: str = "") -> SafeString:
    """A thin bar for a table cell; `value` is a share of one."""
    length = _n(max(0.0, min(1.0, float(value))) * 100)
    return format_html(
        '<svg class="meter {}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="track" width="100" height="6" rx="3"/><rect class="bar" width="{}" height="6" rx="3"/></svg>',
        tone, label, length,
    )  # fmt: skip


def stage_progress(done: int, total: int, label: str, tone: str = "") -> SafeString:
    """How far along its stages a deal is: one short line for each."""
    width = 100 / max(1, total)
    lines = format_html_join(
        "",
        '<rect class="{}" x="{}" width="{}" height="4"/>',
        (("on" if at < done else "", _n(at * width), _n(width - 1.5)) for at in range(total)),
    )
    return format_html(
        '<svg class="stage-progress {}" viewBox="0 0 100 4" preserveAspectRatio="none" role="img"'
        ' aria-label="{}">{}</svg>',
        tone, label, lines,
    )  # fmt: skip


def legend(entries: Sequence[tuple[str, str]]) -> SafeString:
    """The key of a chart: pairs of label and style (`series-1`, `ghost`, `target`)."""
    marks = {
        "target": format_html('<i class="dashed"></i>'),
        "ghost": format_html('<i class="ghost"></i>'),
    }
    return format_html(
        '<div class="legend">{}</div>',
        format_html_join(
            "",
            '<span class="{}">{}{}</span>',
            (
                (
                    f"hue-{style[-1]}" if style[-1].isdigit() else "hue-1",
                    marks.get(style, format_html("<i></i>")),
                    text,
                )
                for text, style in entries
            ),
        ),
    )
