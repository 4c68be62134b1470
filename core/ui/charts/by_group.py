"""Horizontal bars and heat maps."""

import math
from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.ui.charts.drawing import figure, number, svg, text
from core.ui.charts.shapes import Bar, Format, Frame, Table
from core.ui.markup import short_number


def bars(
    label: str,
    items: Sequence[Bar],
    *,
    show: Format = short_number,
    head: Sequence[str] = (),
    fading: bool = True,
) -> SafeString:
    """Horizontal bars, also as a funnel: label, bar, figure and note; each bar may open its rows. `fading` says
    that they stand in an order of weight; bands of time or money do not."""
    highest = max((float(item.value) for item in items), default=0.0) or 1.0
    drawings = []
    for frame in (
        Frame(560, 0, start=124, end=96),
        Frame(340, 0, start=96, end=84, css="narrow"),
    ):
        rows, pitch = [], 43
        for at, item in enumerate(items):
            y = at * pitch + 4
            length = max(2.0 if item.value else 0.0, float(item.value) / highest * frame.inner_width)
            opacity = f"{max(0.4, 1 - at * 0.15):.2f}" if fading else "1"
            drawn = format_html(
                '{}<rect class="series-1" x="{}" y="{}" width="{}" height="25" rx="6" opacity="{}"/>{}{}',
                text(0, y + 17, _shortened(item.label, 18 if frame.css == "wide" else 14), css="label"),
                frame.start, y, number(length), opacity,
                text(frame.start + length + 9, y + (11 if item.note else 17), show(item.value), css="value-label"),
                text(frame.start + length + 9, y + 25, item.note) if item.note else "",
            )  # fmt: skip
            if item.url:
                drawn = format_html('<a class="bar-link" href="{}">{}</a>', item.url, drawn)
            rows.append(drawn)
        sized = Frame(frame.width, max(1, len(items)) * pitch, css=frame.css)
        drawings.append(svg(sized, label, rows))
    table = Table(
        head or ["", _("Value"), ""],
        [[item.label, show(item.value), item.note] for item in items],
    )
    return figure(label, drawings, table)


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
            parts.append(text(0, y * pitch + 17, row))
            for x, value in enumerate(line):
                parts.append(
                    format_html(
                        '<rect class="heat" x="{}" y="{}" width="{}" height="{}" rx="4" opacity="{}">'
                        "<title>{} {}: {}</title></rect>",
                        number(frame.start + x * cell),
                        y * pitch,
                        number(cell - 3),
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
                text(
                    frame.start + (x + 0.5) * cell,
                    len(rows) * pitch + 14,
                    columns[x],
                    anchor="middle",
                )
            )
        drawings.append(svg(Frame(frame.width, len(rows) * pitch + 20, css=frame.css), label, parts))
    table = Table(
        ["", *columns],
        [[r, *(show(v) for v in line)] for r, line in zip(rows, values, strict=True)],
    )
    return figure(label, drawings, table)
