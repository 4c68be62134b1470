"""Values as cells of a file that a spreadsheet program can open without running anything."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
PLAIN_NUMBER = re.compile(r"-?\d+([.,]\d+)?")


def harmless(text: str) -> str:
    """The text with a quote before it where a spreadsheet would take it for a formula.

    >>> harmless("=1+1"), harmless("-12.50"), harmless("Smith")
    ("'=1+1", '-12.50', 'Smith')
    """
    if text.lstrip("'").startswith(DANGEROUS) and not PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def joined(items: Iterable[Any]) -> str:
    """Several values in one cell, as imports take them apart again.

    >>> joined(["a", "b, c"])
    'a, "b, c"'
    """
    texts = [str(item) for item in items]
    return ", ".join(
        '"' + text.replace('"', '""') + '"' if any(c in text for c in ',;"\n') else text for text in texts
    )


def cell_of(value: Any) -> Any:
    """A value as it is written: numbers as numbers, moments in UTC and saying so, text made harmless."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return harmless(joined(value))
    return harmless(str(value))
