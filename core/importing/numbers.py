"""Numbers as files write them: with signs of money, thousands and brackets, in the file's own style."""

import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from core.importing.style import BadValue, Style

SPACES = "\\s\u00a0\u202f\u2009'’"
CURRENCY = r"(?:[A-Za-z]{1,4}\$?|[€$£¥₹₽₩₺₴₪฿]|R\$|zł|Kč|лв|kr\.?|Fr\.?)"
MONEY = re.compile(rf"^(?:{CURRENCY}[{SPACES}]*)?(?P<number>.*?)(?:[{SPACES}]*(?:{CURRENCY}|%))?$", re.DOTALL)
NO_CENTS = re.compile(r"(?<=\d)[.,][-\u2013\u2014]+(?!\d)")
"""“1'000.–”: how some write that there are no cents."""
SCIENTIFIC = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d{1,3}")


def parse_number(text: str, style: Style) -> Decimal:
    """A number with or without thousands separators, a currency and accountants' brackets. Raises BadValue for
    what is none, and for what the file's style could not have meant.

    >>> parse_number("(1.234,50 €)", Style(decimal=",")), parse_number("12.50 EUR", Style())
    (Decimal('-1234.50'), Decimal('12.50'))
    >>> parse_number("12 500,5", Style(decimal=",")), parse_number("$1,200", Style())
    (Decimal('12500.5'), Decimal('1200'))
    """
    plain = text.strip()
    if SCIENTIFIC.fullmatch(plain):
        return Decimal(plain)
    negative, bare = _bare(plain)
    point, group = (",", ".") if style.decimal == "," else (".", ",")
    whole, found, fraction = bare.partition(point)
    digits = whole + fraction
    if point in fraction or not any(c.isdigit() for c in digits) or not digits.isascii():
        raise _no_number(text)
    groups = re.split(rf"[{SPACES}{re.escape(group)}]", whole)
    if (
        group in fraction
        or not re.fullmatch(r"\d*", fraction)
        or not all(re.fullmatch(r"\d*", g) for g in groups)
    ):
        raise _no_number(text)
    if len(groups) > 1 and not _grouped(groups):
        raise _other_style(text, style)
    try:
        number = Decimal(f"{''.join(groups) or '0'}{'.' if found else ''}{fraction}")
    except InvalidOperation:
        raise _no_number(text) from None
    return -number if negative else number


def _bare(text: str) -> tuple[bool, str]:
    """(whether it is negative, digits and separators): signs, brackets and money taken off, inside or out."""
    negative = False
    text = NO_CENTS.sub("", text)
    for _step in range(2):
        if text.startswith("(") and text.endswith(")"):
            text, negative = text[1:-1].strip(), True
        text, was = _unsigned(text)
        negative ^= was
        match = MONEY.fullmatch(text)
        text = match["number"].strip() if match else text
        text, was = _unsigned(text)
        negative ^= was
    return negative, text


def _unsigned(text: str) -> tuple[str, bool]:
    for minus in ("-", "\u2212"):
        if text.startswith(minus):
            return text[1:].strip(), True
        if text.endswith(minus) and text[:-1].strip():
            return text[:-1].strip(), True
    return text.removeprefix("+").strip(), False


def _grouped(groups: list[str]) -> bool:
    """Thousands, or as in India thousands and then hundreds; an apostrophe or a blank divides as a sign does."""
    first, *middle, last = groups
    western = 1 <= len(first) <= 3 and all(len(group) == 3 for group in (*middle, last))
    indian = 1 <= len(first) <= 2 and len(last) == 3 and all(len(group) == 2 for group in middle)
    return western or indian


def _no_number(text: str) -> BadValue:
    return BadValue(_("“%(text)s” is not a number.") % {"text": text[:60]})


def _other_style(text: str, style: Style) -> BadValue:
    other = _("a point") if style.decimal == "," else _("a comma")
    words = _("“%(text)s” could be two numbers: its groups are no thousands. Decimals with %(other)s?")
    return BadValue(words % {"text": text[:60], "other": other})
