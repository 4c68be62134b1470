"""Ready cells of lists. A column's `value(row)` returns one of these, or plain data that `cell` dresses."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.ui import markup
from core.ui.markup import EMPTY, badge, join, money, muted, person, when

__all__ = [
    "avatar_name",
    "badge",
    "cell",
    "date_cell",
    "join",
    "link",
    "money",
    "muted",
    "number",
    "person",
    "when",
]


def cell(value: Any) -> SafeString:
    """HTML of any value: dates relative, numbers grouped, lists joined, nothing as a dash."""
    if isinstance(value, SafeString):
        return value
    if value is None or value == "":
        return muted(EMPTY)
    if isinstance(value, bool):
        return SafeString(conditional_escape(_("Yes") if value else _("No")))
    if isinstance(value, datetime | date):
        return when(value)
    if isinstance(value, int | float | Decimal):
        return number(value)
    if isinstance(value, list | tuple):
        return join([badge(item, "tag") for item in value]) if value else muted(EMPTY)
    return SafeString(conditional_escape(value))


def number(value: Decimal | float | None, places: int | None = None) -> SafeString:
    """A figure with grouped thousands."""
    from django.utils import formats

    if value is None:
        return muted(EMPTY)
    text = formats.number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)
    return format_html('<span class="num">{}</span>', text)


def date_cell(value: date | None) -> SafeString:
    """A day without relative words."""
    if value is None:
        return muted(EMPTY)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), markup.day_text(value))


def link(url: str, text: Any) -> SafeString:
    """A link to a record; without a URL the text alone."""
    if not text:
        return muted(EMPTY)
    return format_html('<a class="cell-link" href="{}">{}</a>', url, text) if url else cell(str(text))


def avatar_name(name: str, classes: str = "") -> SafeString:
    """Initials and name, for the first column."""
    return format_html('{}<span class="cut">{}</span>', markup.avatar(name, classes), name)
