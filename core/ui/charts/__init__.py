"""Charts drawn on the server as SVG, each with its figures in a table behind it.

Two variants are drawn, wide and narrow, because a fluid SVG shrinks its text; the style sheet shows the one
that fits its container. No inline styles: colours are classes, sizes are attributes.
"""

from core.ui.charts.by_group import bars, heat_map
from core.ui.charts.drawing import nice_ceiling
from core.ui.charts.over_time import bar_chart, line_chart
from core.ui.charts.sets import Region, overlap_chart
from core.ui.charts.shapes import Bar, Segment, Series
from core.ui.charts.small import legend, meter, sparkline, stacked, stage_progress

__all__ = [
    "Bar",
    "Region",
    "Segment",
    "Series",
    "bar_chart",
    "bars",
    "heat_map",
    "legend",
    "line_chart",
    "meter",
    "nice_ceiling",
    "overlap_chart",
    "sparkline",
    "stacked",
    "stage_progress",
]
