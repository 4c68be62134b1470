"""Columns and lines over time."""

import math
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.ui.charts.drawing import axis_ticks, figure, gridline, number, svg, text
from core.ui.charts.shapes import Format, Frame, Series, Table
from core.ui.markup import short_number


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
    return figure(label, [wide, narrow], Table(head, rows))


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
    ticks = axis_ticks(max([*totals, *(float(t) for t in target or [] if t is not None), 0.0]))
    scale = frame.inner_height / ticks[-1]
    slot = frame.inner_width / max(1, len(categories))
    floor = frame.top + frame.inner_height
    parts = [gridline(frame, floor - tick * scale, show(tick)) for tick in ticks]
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
        parts.append(text(middle, floor + 17, category, anchor="middle"))
    if target:
        parts.append(_target_line(frame, target, slot, floor, scale))
    return svg(frame, label, parts)


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
            pieces.append(
                (one.style, number(middle - width / 2), number(base), number(width), number(height))
            )
    return format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>', pieces)


def _target_line(
    frame: Frame,
    target: Sequence[float | None],
    slot: float,
    floor: float,
    scale: float,
) -> SafeString:
    points = [
        f"{number(frame.start + slot * (at + 0.5))},{number(floor - float(value) * scale)}"
        for at, value in enumerate(target)
        if value is not None
    ]
    return format_html('<polyline class="target" points="{}"/>', " ".join(points))


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
        ticks = axis_ticks(max((float(v) for one in series for v in one.values), default=0.0))
        scale, floor = frame.inner_height / ticks[-1], frame.top + frame.inner_height
        step = frame.inner_width / max(1, len(categories) - 1)
        parts = [gridline(frame, floor - tick * scale, show(tick)) for tick in ticks]
        every = max(1, math.ceil(len(categories) / (12 if frame.css == "wide" else 5)))
        for at in range(0, len(categories), every):
            anchor = "end" if at == len(categories) - 1 else "middle" if at else "start"
            parts.append(text(frame.start + at * step, floor + 17, categories[at], anchor=anchor))
        for one in series:
            points = " ".join(
                f"{number(frame.start + at * step)},{number(floor - float(v) * scale)}"
                for at, v in enumerate(one.values)
            )
            parts.append(format_html('<polyline class="line {}" points="{}"/>', one.style, points))
        drawings.append(svg(frame, label, parts))
    rows = [[c, *(exact(one.values[at]) for one in series)] for at, c in enumerate(categories)]
    return figure(label, drawings, Table(["", *(one.label for one in series)], rows))
