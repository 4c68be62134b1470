"""Lines, words and figures in SVG units."""

import math
from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.ui.charts.shapes import Frame, Table


def nice_ceiling(value: float) -> float:
    """The smallest of 1, 2, 2.5, 5 × 10ⁿ that is not below `value`: a readable end of an axis."""
    if value <= 0:
        return 1.0
    power = float(10 ** math.floor(math.log10(value)))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if value <= step * power * 1.0000001)


def axis_ticks(highest: float) -> list[float]:
    """The values at which an axis from zero to `highest` gets a line."""
    step = nice_ceiling(highest / 5)
    return [step * n for n in range(math.ceil(highest / step) + 1)] if highest > 0 else [0.0, 1.0]


def figure(label: str, drawings: Sequence[SafeString], table: Table) -> SafeString:
    """The drawings with their table behind them."""
    context = {"label": label, "drawings": drawings, "table": table}
    return render_to_string("ui/_chart.html", context)


def gridline(frame: Frame, y: float, label: str) -> SafeString:
    line = format_html(
        '<line class="gridline" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        frame.start, frame.width - frame.end, number(y), number(y),
    )  # fmt: skip
    return format_html("{}{}", line, text(frame.start - 8, y + 4, label, anchor="end"))


def text(x: float, y: float, words: str, *, anchor: str = "start", css: str = "") -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>',
        number(x),
        number(y),
        anchor,
        css,
        words,
    )


def number(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def svg(frame: Frame, label: str, parts: Sequence[SafeString]) -> SafeString:
    # A drawing with links is a group of them; one without is an image with its label.
    role = "group" if any('class="bar-link"' in part for part in parts) else "img"
    return format_html(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="{}" aria-label="{}">{}</svg>',
        frame.css, frame.width, frame.height, role, label, format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip
