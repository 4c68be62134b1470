"""Putting it together: where any of the needles is found, in which dress."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.privacy.scan.decoding import readings
from core.privacy.scan.needles import Needle, needles_of


@dataclass
class Found:
    """`hits` counts by (place, dress, kind of needle); `pieces` says how much was looked at."""

    hits: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    pieces: int = 0
    size: int = 0

    @property
    def places(self) -> list[str]:
        return sorted({place for place, _dress, _kind in self.hits})


def search(values: Iterable[str], places: Iterable[tuple[str, bytes]]) -> Found:
    """Look for the values everywhere. Values shorter than five letters are left out."""
    needles, found = needles_of(values), Found()
    for place, data in places:
        found.pieces += 1
        found.size += len(data)
        for dress, kind in hits_in(data, needles):
            found.hits[place, dress, kind] += 1
    return found


def hits_in(data: bytes, needles: list[Needle]) -> set[tuple[str, str]]:
    """(dress, kind of needle) of what one piece holds."""
    return {
        (dress, needle.kind)
        for dress, reading in readings(data)
        for lowered in {reading.lower(), _folded(reading)}
        for needle in needles
        if needle.pattern.search(lowered)
    }


def _folded(reading: bytes) -> bytes:
    """Lower case beyond ASCII where the bytes are text."""
    return reading if reading.isascii() else reading.decode("utf-8", "ignore").casefold().encode()
