"""How a file writes dates and numbers, and what is raised for what can't be read so."""

from dataclasses import asdict, dataclass
from typing import Any


class BadValue(ValueError):
    """The text can't be understood; the message says what is expected."""


@dataclass(frozen=True)
class Style:
    """How the file writes dates (`ymd`, `dmy`, `mdy`) and which sign stands before decimals."""

    dates: str = "ymd"
    decimal: str = "."

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
