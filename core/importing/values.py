"""The text of a cell as a value: numbers, dates and addresses in the file's own style."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from core.importing.numbers import parse_number
from core.importing.style import BadValue, Style

BLANK_WORDS = frozenset({"", "-", "–", "n/a", "#n/a", "null", "none", "nan", "unspecified", "unknown"})
FORMULA = re.compile(r"=|[+\-@][A-Za-z_][\w.]*[(|!]")
DATE = re.compile(
    r"^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?\s*(Z|[+-]\d\d:?\d\d)?)?$"
)
NAMED_DATE = re.compile(r"^(?:(\d{1,2})\.?[ -]([A-Za-z]{3,9})|([A-Za-z]{3,9})[ -](\d{1,2})),?[ -](\d{4})$")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TRUE, FALSE = (
    {"1", "true", "yes", "y", "x", "on", "ja", "oui"},
    {"0", "false", "no", "n", "off", "nein", "non"},
)


def guess_style(samples: Iterable[str]) -> tuple[Style, bool]:
    """The style that the samples show, and whether day and month could still be the other way round."""
    day_first = month_first = slashed = commas = points = 0
    for text in samples:
        if (match := DATE.match(text)) and len(match[1]) <= 2:
            slashed += 1
            day_first += int(match[1]) > 12
            month_first += int(match[2]) > 12
        elif re.fullmatch(r"[^\d]{0,3}-?\d{1,3}(\.\d{3})*,\d{1,2}[^\d]{0,3}", text):
            commas += 1
        elif re.fullmatch(r"[^\d]{0,3}-?\d+(,\d{3})*\.\d+[^\d]{0,3}", text):
            points += 1
    dates = "ymd" if not slashed else "mdy" if month_first > day_first else "dmy"
    return Style(dates, "," if commas > points else "."), bool(slashed and not day_first and not month_first)


def parse_integer(text: str, style: Style) -> int:
    number = parse_number(text, style)
    if number != number.to_integral_value():
        raise BadValue(_("“%(text)s” is not a whole number.") % {"text": text[:60]})
    return int(number)


def parse_moment(text: str, style: Style, zone: tzinfo) -> datetime:
    """A date with or without a time of day, aware and in UTC; without an offset it is the organisation's time."""
    try:
        match = DATE.match(text)
        if match is None:
            return datetime(*_named(text), tzinfo=zone).astimezone(UTC)
        year, month, day = _ordered(int(match[1]), int(match[2]), int(match[3]), style, len(match[1]) == 4)
        hour, minute, second = (int(match[n] or 0) for n in (4, 5, 6))
        if match[7]:
            hour = hour % 12 + (12 if match[7].lower() == "pm" else 0)
        if match[8]:
            offset = match[8].replace("Z", "+00:00")
            stamp = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{offset}"
            return datetime.fromisoformat(stamp).astimezone(UTC)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        raise BadValue(
            _("“%(text)s” is not a date in the style of this file.") % {"text": text[:60]}
        ) from None


def parse_date(text: str, style: Style, zone: tzinfo) -> date:
    return parse_moment(text, style, zone).astimezone(zone).date()


def parse_boolean(text: str) -> bool:
    word = text.casefold()
    if word not in TRUE | FALSE:
        raise BadValue(_("“%(text)s” is neither yes nor no.") % {"text": text[:60]})
    return word in TRUE


BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")  # they reorder what stands around them
UNSEEN_ENDS = "\u200b\u200e\u200f\u2060\ufeff"
CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
LIST_ITEM = re.compile(r'\s*"((?:[^"]|"")*)"|([^;,\n]+)')
LIST_ITEM_WITH_COMMAS = re.compile(r'\s*"((?:[^"]|"")*)"|([^;\n]+)')


def parse_list(text: str, *, commas: bool) -> list[str]:
    """The items of a cell that holds several: between semicolons, line ends, “ ::: ” and, where no item
    holds one itself, commas. An item may be quoted.

    >>> parse_list('a; "b, c" ::: d', commas=True)
    ['a', 'b, c', 'd']
    """
    pattern = LIST_ITEM if commas else LIST_ITEM_WITH_COMMAS
    plain = text.replace(" ::: ", "\n")
    items = [(quoted.replace('""', '"') or bare).strip() for quoted, bare in pattern.findall(plain)]
    return list(dict.fromkeys(item for item in items if item))


def clean_text(text: str, limit: int | None, *, cell: bool = True) -> str:
    """The text as it is, without marks that nobody sees and that reorder the text around them. In a `cell` of
    a table a formula is refused, and the quote that our own files put before one is taken off again."""
    if not text.isprintable():
        text = CONTROLS.sub("", BIDI.sub("", text)).strip(UNSEEN_ENDS)
    if cell and text[:1] == "'" and text.lstrip("'")[:1] in ("=", "+", "-", "@", "\t", "\r"):
        text = text[1:]
    elif cell and FORMULA.match(text):
        raise BadValue(_("the cell holds a formula. Put its value in its place."))
    if limit is not None and len(text) > limit:
        raise BadValue(_("is longer than %(limit)s characters. Shorten it.") % {"limit": limit})
    return text


def _ordered(a: int, b: int, c: int, style: Style, year_first: bool) -> tuple[int, int, int]:
    if year_first:
        return a, b, c
    day, month = (b, a) if style.dates == "mdy" else (a, b)
    return (c + (2000 if c < 70 else 1900) if c < 100 else c), month, day


def _named(text: str) -> tuple[int, int, int]:
    match = NAMED_DATE.match(text)
    if match is None:
        raise ValueError
    month = MONTHS.index((match[2] or match[3])[:3].lower()) + 1
    return int(match[5]), month, int(match[1] or match[4])


def cents(value: Decimal) -> Decimal:
    """An amount of money with two decimals. Raises BadValue for more digits than a ledger holds."""
    if abs(value) >= Decimal(10) ** 15:
        raise BadValue(_("the amount is too large."))
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
