"""What charts are made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

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
