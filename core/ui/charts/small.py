"""Charts that stand in a tile, a cell or a card, and the legend."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.ui.charts.drawing import number
from core.ui.charts.shapes import Format, Segment
from core.ui.markup import short_number


def sparkline(label: str, values: Sequence[float], *, width: int = 96, height: int = 36) -> SafeString:
    """A small line without axes for a tile; the tile's own figure says what matters."""
    if len(values) < 2:
        return SafeString("")
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    step = (width - 8) / (len(values) - 1)
    points = [(4 + at * step, 4 + (height - 8) * (1 - (v - low) / spread)) for at, v in enumerate(values)]
    line = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    area = f"{number(points[0][0])},{height} {line} {number(points[-1][0])},{height}"
    return format_html(
        '<svg class="chart spark-chart" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<polygon class="spark-area" points="{}"/><polyline class="spark" points="{}"/>'
        '<circle class="series-1" cx="{}" cy="{}" r="2.5"/></svg>',
        width, height, width, height, label, area, line, number(points[-1][0]), number(points[-1][1]),
    )  # fmt: skip


def stacked(
    label: str,
    segments: Sequence[Segment],
    *,
    total: float | None = None,
    show: Format = short_number,
) -> SafeString:
    """Parts of a whole in one bar, with a legend that carries the figures; `total` leaves a rest open."""
    whole = float(total if total is not None else sum(float(s.value) for s in segments)) or 1.0
    drawing = format_html(
        '<svg class="chart stacked" viewBox="0 0 640 26" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="rest" width="640" height="26" rx="6" opacity=".35"/>{}</svg>',
        label,
        format_html_join(
            "",
            '<rect class="{}" x="{}" width="{}" height="26" rx="3"><title>{}: {}</title></rect>',
            _lengths(segments, whole, show),
        ),
    )
    legend = format_html_join(
        "",
        '<span class="{}"><i></i>{} <b class="num">{}</b></span>',
        ((f"hue-{s.style[-1]}" if s.style[-1].isdigit() else "", s.label, show(s.value)) for s in segments),
    )
    return format_html(
        '<div class="stacked-chart">{}<div class="legend">{}</div></div>',
        drawing,
        legend,
    )


def _lengths(
    segments: Sequence[Segment], whole: float, show: Format, width: float = 640.0
) -> list[tuple[str, str, str, str, str]]:
    """Style, place, length, label and figure of each part that is wide enough to be drawn."""
    x, pieces = 0.0, []
    for segment in segments:
        length = min(width - x, float(segment.value) / whole * width)
        if length > 0:
            shown = number(max(1.0, length - 2))
            pieces.append((segment.style, number(x), shown, segment.label, show(segment.value)))
            x += length
    return pieces


def meter(value: float, label: str, tone: str = "") -> SafeString:
    """A thin bar for a table cell; `value` is a share of one."""
    length = number(max(0.0, min(1.0, float(value))) * 100)
    return format_html(
        '<svg class="meter {}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="track" width="100" height="6"/><rect class="bar" width="{}" height="6"/></svg>',
        tone, label, length,
    )  # fmt: skip


def stage_progress(done: int, total: int, label: str, tone: str = "") -> SafeString:
    """How far along its stages a deal is: one short line for each."""
    width = 100 / max(1, total)
    lines = format_html_join(
        "",
        '<rect class="{}" x="{}" width="{}" height="4"/>',
        (("on" if at < done else "", number(at * width), number(width - 1.5)) for at in range(total)),
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
