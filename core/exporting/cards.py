"""Writing vCards 4.0 (RFC 6350): properties escaped and folded. Apps register what a card of theirs holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

FOLD = 75  # octets of a physical line (RFC 6350, 3.2)


class Card:
    """One card; properties without a value are left out."""

    def __init__(self) -> None:
        self._lines = ["BEGIN:VCARD", "VERSION:4.0"]

    def add(self, name: str, value: str) -> None:
        if value:
            self._lines.append(f"{name}:{escaped(value)}")

    def structured(self, name: str, *parts: str) -> None:
        if any(parts):
            self._lines.append(f"{name}:{';'.join(escaped(part) for part in parts)}")

    def listed(self, name: str, values: Iterable[str]) -> None:
        text = ",".join(escaped(value) for value in values)
        if text:
            self._lines.append(f"{name}:{text}")

    def text(self) -> str:
        return "".join(f"{folded(line)}\r\n" for line in [*self._lines, "END:VCARD"])


def escaped(text: str) -> str:
    """A value as RFC 6350, 3.4 wants it.

    >>> escaped("a, b; c")
    'a\\\\, b\\\\; c'
    """
    plain = text.replace("\\", "\\\\").replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return plain.replace(",", "\\,").replace(";", "\\;").replace("\x00", "")


def folded(line: str) -> str:
    """The line with a fold before every 75th octet, never within a character."""
    if len(line.encode()) <= FOLD:
        return line
    lines, current, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > FOLD:
            lines.append(current)
            current, size = " ", 1
        current += char
        size += width
    return "\r\n".join([*lines, current])


@dataclass(frozen=True)
class CardType:
    """Records that can be cards: `select(rows)` joins what a card shows, `card(record, hidden)` writes it."""

    select: Callable[[QuerySet[Any]], QuerySet[Any]]
    card: Callable[[Any, frozenset[str]], str]


_types: dict[str, CardType] = {}


def register(record_type: str, card_type: CardType) -> None:
    _types[record_type] = card_type


def card_type(record_type: str) -> CardType | None:
    return _types.get(record_type)
