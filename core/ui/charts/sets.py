"""How sets overlap: two as circles whose areas are true, more as a bar for each combination."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.ui.charts.drawing import figure, number, svg, text
from core.ui.charts.shapes import Format, Frame, Table
from core.ui.markup import short_number

TOUCHING = 0.05
"""SVG units below which a circle that is all but inside the other counts as inside it."""


@dataclass(frozen=True)
class Region:
    """What is in exactly those sets for which `inside` is true; `url` opens it."""

    inside: tuple[bool, ...]
    value: float
    url: str = ""


@dataclass(frozen=True)
class _Circles:
    """Two circles on one axis, the first around 0 and the second around `apart`."""

    first: float
    second: float
    apart: float

    @property
    def start(self) -> float:
        return min(-self.first, self.apart - self.second)

    @property
    def end(self) -> float:
        return max(self.first, self.apart + self.second)


def overlap_chart(
    label: str, names: Sequence[str], regions: Sequence[Region], *, show: Format = short_number
) -> SafeString:
    """The picture of sets called `names`: circles for two that hold anything, else bars by combination, those
    with nothing in them left out. Each region opens what is in it; a table with the figures stands behind it."""
    drawn = [one for one in regions if any(one.inside) and one.value > 0]
    table = Table(
        ["", _("Value")],
        [[" + ".join(_named(names, one)), show(one.value)] for one in drawn],
    )
    both = [sum(one.value for one in drawn if one.inside[n]) for n in range(len(names))]
    drawings = _circles(label, names, drawn, show) if len(names) == 2 and all(both) else []
    return figure(label, drawings or _combinations(label, names, drawn, show), table)


def lens_area(first: float, second: float, apart: float) -> float:
    """The area that two circles of these radii share when their centres are so far apart.

    https://mathworld.wolfram.com/Circle-CircleIntersection.html (14)
    """
    if apart >= first + second:
        return 0.0
    if apart <= abs(first - second):
        return math.pi * min(first, second) ** 2
    one = _angle((apart**2 + first**2 - second**2) / (2 * apart * first))
    other = _angle((apart**2 + second**2 - first**2) / (2 * apart * second))
    kite = (-apart + first + second) * (apart + first - second)
    kite *= (apart - first + second) * (apart + first + second)
    return first**2 * one + second**2 * other - math.sqrt(max(kite, 0.0)) / 2


def _angle(cosine: float) -> float:
    # where one circle all but fills the other, rounding leaves a cosine a hair beyond one
    return math.acos(max(-1.0, min(1.0, cosine)))


def distance_for(first: float, second: float, shared: float) -> float:
    """How far apart the centres are so that the circles share the area `shared`, to a millionth."""
    low, high = abs(first - second), first + second
    for _step in range(60):
        middle = (low + high) / 2
        if lens_area(first, second, middle) > shared:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _named(names: Sequence[str], region: Region) -> list[str]:
    return [name for name, inside in zip(names, region.inside, strict=True) if inside]


def _circles(label: str, names: Sequence[str], regions: Sequence[Region], show: Format) -> list[SafeString]:
    values = {one.inside: one for one in regions}
    only, other, both = (
        values.get(key, Region(key, 0)) for key in ((True, False), (False, True), (True, True))
    )
    first = math.sqrt((only.value + both.value) / math.pi)
    second = math.sqrt((other.value + both.value) / math.pi)
    gap = 0.04 * (first + second) if not both.value else 0.0
    shape = _Circles(first, second, distance_for(first, second, both.value) + gap)
    return [
        _drawn_circles(frame, label, shape, (only, both, other), names, show)
        for frame in (Frame(560, 260), Frame(340, 250, css="narrow"))
    ]


def _drawn_circles(
    frame: Frame,
    label: str,
    shape: _Circles,
    regions: tuple[Region, Region, Region],
    names: Sequence[str],
    show: Format,
) -> SafeString:
    room = frame.height - 62
    scale = min((frame.width - 12) / (shape.end - shape.start), room / (2 * max(shape.first, shape.second)))
    one, other = shape.first * scale, shape.second * scale
    start = (frame.width - (shape.end - shape.start) * scale) / 2 - shape.start * scale
    end, y = start + shape.apart * scale, 6 + room / 2
    only, both, rest = regions
    parts = [
        _linked(only, names, show, _circle("series-1", start, y, one)),
        _linked(rest, names, show, _circle("series-2", end, y, other)),
    ]
    if both.value:
        parts.append(_linked(both, names, show, _lens(start, end, y, one, other)))
    places = ((start - one, min(start + one, end - other)), (end - other, start + one),
              (max(end - other, start + one), end + other))  # fmt: skip
    for region, (left, right) in zip(regions, places, strict=True):
        words = show(region.value)
        if region.value and right - left > 9 * len(words):
            parts.append(text((left + right) / 2, y + 5, words, anchor="middle", css="value-label"))
    parts += _key(frame, regions, names, show)
    return svg(frame, label, parts)


def _circle(style: str, x: float, y: float, radius: float) -> SafeString:
    return format_html(
        '<circle class="{} set" cx="{}" cy="{}" r="{}"/>', style, number(x), number(y), number(radius)
    )


def _lens(start: float, end: float, y: float, one: float, other: float) -> SafeString:
    """What both circles share, so that it can be opened by itself."""
    apart = end - start
    if apart <= abs(one - other) + TOUCHING:
        x, radius = (start, one) if one < other else (end, other)
        return format_html(
            '<circle class="set shared" cx="{}" cy="{}" r="{}"/>', number(x), number(y), number(radius)
        )
    x = (apart**2 + one**2 - other**2) / (2 * apart)
    high = math.sqrt(max(one**2 - x**2, 0.0))
    path = (
        f"M{number(start + x)} {number(y - high)}"
        f"A{number(one)} {number(one)} 0 {int(x < 0)} 1 {number(start + x)} {number(y + high)}"
        f"A{number(other)} {number(other)} 0 {int(apart < x)} 1 {number(start + x)} {number(y - high)}Z"
    )
    return format_html('<path class="set shared" d="{}"/>', path)


def _key(frame: Frame, regions: Sequence[Region], names: Sequence[str], show: Format) -> list[SafeString]:
    """What the three numbers are, below the picture: the smallest region has no room for words."""
    width = frame.width / 3
    parts = []
    for place, region in enumerate(regions):
        words = " + ".join(_named(names, region)) if all(region.inside) else _("only %(name)s") % {
            "name": _named(names, region)[0]
        }  # fmt: skip
        x = (place + 0.5) * width
        key = format_html(
            "{}{}",
            text(x, frame.height - 24, show(region.value), anchor="middle", css="value-label"),
            text(x, frame.height - 6, words, anchor="middle"),
        )
        parts.append(key)
    return parts


def _combinations(
    label: str, names: Sequence[str], regions: Sequence[Region], show: Format
) -> list[SafeString]:
    highest = max((one.value for one in regions), default=0) or 1
    drawings = []
    for frame in (Frame(560, 0, end=70), Frame(340, 0, end=56, css="narrow")):
        column, pitch, top = (30 if frame.css == "wide" else 24), 30, 24
        begin = len(names) * column + 10
        parts = [
            text((n + 0.5) * column, 14, name, anchor="middle", css="label") for n, name in enumerate(names)
        ]
        for row, region in enumerate(sorted(regions, key=lambda one: -one.value)):
            y = top + row * pitch
            length = max(2.0, region.value / highest * (frame.width - begin - frame.end))
            bar = format_html(
                '{}<rect class="series-1" x="{}" y="{}" width="{}" height="20" rx="5"/>{}',
                _dots(region, column, y + 10),
                begin, y, number(length),
                text(begin + length + 8, y + 15, show(region.value), css="value-label"),
            )  # fmt: skip
            parts.append(_linked(region, names, show, bar))
        sized = Frame(frame.width, top + max(1, len(regions)) * pitch, css=frame.css)
        drawings.append(svg(sized, label, parts))
    return drawings


def _dots(region: Region, column: int, y: float) -> SafeString:
    """A dot for each set, those that are meant filled and joined by a line."""
    at = [(n + 0.5) * column for n, inside in enumerate(region.inside) if inside]
    line = format_html(
        '<line class="set-line" x1="{}" x2="{}" y1="{}" y2="{}"/>', number(at[0]), number(at[-1]), number(y), number(y)
    )  # fmt: skip
    dots = [
        format_html(
            '<circle class="{}" cx="{}" cy="{}" r="5.5"/>',
            "set-dot" if inside else "set-dot off", number((n + 0.5) * column), number(y),
        )
        for n, inside in enumerate(region.inside)
    ]  # fmt: skip
    return format_html("{}{}", line, format_html_join("", "{}", ((dot,) for dot in dots)))


def _linked(region: Region, names: Sequence[str], show: Format, drawn: SafeString) -> SafeString:
    words = f"{' + '.join(_named(names, region))}: {show(region.value)}"
    titled = format_html("<title>{}</title>{}", words, drawn)
    if not region.url or not region.value:
        return format_html("<g>{}</g>", titled)
    return format_html('<a class="bar-link" href="{}" aria-label="{}">{}</a>', region.url, words, drawn)
