"""Small pieces of HTML that every screen uses, made in Python because a list makes thousands of them.

Everything that comes from data is escaped here; what is returned is safe to put into a page.
"""

import unicodedata
import zlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

SYMBOLS = {
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "PLN": "zł",
    "SEK": "kr",
    "CHF": "CHF",
}
EMPTY = "—"


@cache
def _sprite_url() -> str:
    return static("dist/icons.svg")


@cache
def _icon(name: str, classes: str) -> SafeString:
    class_names = f"icon {classes}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        class_names,
        _sprite_url(),
        name,
    )


def icon(name: str, classes: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: the words beside it say what it means."""
    return _icon(name, classes)


def hue(text: str) -> int:
    """A colour from 1 to 8 that always belongs to the same text."""
    return zlib.crc32(text.strip().lower().encode()) % 8 + 1


def initials(name: str) -> str:
    """One or two letters that stand for a name, in any script."""
    words = [
        word for word in name.replace("-", " ").split() if word and unicodedata.category(word[0])[0] in "LN"
    ]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


@lru_cache(maxsize=4096)
def avatar(name: str, classes: str = "") -> SafeString:
    """The coloured initials of a person or (class `square`) a company."""
    class_names = f"avatar hue-{hue(name)} {classes}".strip()
    return format_html('<span class="{}" aria-hidden="true">{}</span>', class_names, initials(name))


def person(name: str, classes: str = "size-s") -> SafeString:
    """Initials and name on one line."""
    if not name:
        return muted(EMPTY)
    return format_html('<span class="person">{}{}</span>', avatar(name, classes), name)


def muted(text: Any) -> SafeString:
    return format_html('<span class="muted">{}</span>', text)


def badge(label: Any, tone: str = "", icon_name: str = "") -> SafeString:
    """A pill; tones are ok, warn, bad, info, accent, tag or none. The label always says what the tone means."""
    drawing = icon(icon_name) if icon_name else ""
    return format_html('<span class="{}">{}{}</span>', f"badge {tone}".strip(), drawing, label)


def money_text(amount: Decimal | float | None, currency: str = "") -> str:
    """An amount in full, with cents only where there are any: `€148,600`, `€12.50`."""
    if amount is None:
        return ""
    value = Decimal(str(amount))
    places = 0 if value == value.to_integral_value() else 2
    figure = formats.number_format(abs(value), decimal_pos=places, use_l10n=True, force_grouping=True)
    return _with_currency(figure, currency, negative=value < 0)


def money_short(amount: Decimal | float | None, currency: str = "") -> str:
    """An amount for tiles and axes: `€1.24M`, `€38.4k`, `€950`."""
    if amount is None:
        return ""
    value = Decimal(str(amount))
    return _with_currency(short_number(abs(value)), currency, negative=value < 0)


def whole_number(value: int) -> str:
    """A count in full: `17,693`."""
    return str(formats.number_format(value, use_l10n=True, force_grouping=True))


def short_number(value: Decimal | float) -> str:
    """Three leading figures and a letter for thousands, millions or billions."""
    figure = Decimal(str(value))
    # 999,950 rounds up into the next unit, so the limits lie half a step below it
    for limit, unit, letter in (
        (999_500_000, 10**9, "B"),
        (999_500, 10**6, "M"),
        (999.5, 10**3, "k"),
    ):
        if abs(figure) >= Decimal(str(limit)):
            scaled = figure / unit
            places = 2 if abs(scaled) < 10 else 1 if abs(scaled) < 100 else 0
            text = formats.number_format(round(scaled, places), decimal_pos=places, use_l10n=True)
            separator = formats.get_format("DECIMAL_SEPARATOR", use_l10n=True)
            if separator in text:
                text = text.rstrip("0").rstrip(separator)
            return text + letter
    places = 0 if figure == figure.to_integral_value() else 1
    return str(formats.number_format(round(figure, places), decimal_pos=places, use_l10n=True))


def _with_currency(figure: str, currency: str, *, negative: bool) -> str:
    sign = "−" if negative else ""
    currency = currency or settings.BASE_CURRENCY
    symbol = SYMBOLS.get(currency, currency)
    gap = "\u00a0" if len(symbol) > 1 else ""
    return f"{sign}{symbol}{gap}{figure}"


def money(amount: Decimal | float | None, currency: str = "") -> SafeString:
    """`money_text` as a cell; nothing known is a dash."""
    if amount is None:
        return muted(EMPTY)
    return format_html('<span class="num">{}</span>', money_text(amount, currency))


@lru_cache(maxsize=4096)
def _day_text(value: date, form: str, language: str) -> str:
    # a board writes the same few days a hundred times
    return formats.date_format(value, form)


def day_text(value: date, today: date | None = None) -> str:
    """A date as people write it: `18 Dec`, with the year only where it is not this one."""
    today = today or timezone.localdate()
    if isinstance(value, datetime):
        value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return _day_text(value, "j M" if value.year == today.year else "j M Y", get_language() or "")


def ago_text(value: datetime, now: datetime | None = None) -> str:
    """How long ago, in the largest unit that is still exact enough: `2 h ago`, `Yesterday`, `3 weeks ago`."""
    now = now or timezone.now()
    seconds = (now - value).total_seconds()
    if seconds < 0:
        return day_text(value)
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return _("%(n)d min ago") % {"n": seconds // 60}
    days = (timezone.localdate(now) - timezone.localdate(value)).days
    if days == 0:
        return _("%(n)d h ago") % {"n": max(1, seconds // 3600)}
    return _days_ago(days, get_language() or "") if days < 35 else day_text(value)


@lru_cache(maxsize=512)
def _days_ago(days: int, _language: str) -> str:
    # a list says the same few words in each of its rows
    if days == 1:
        return _("Yesterday")
    if days < 7:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    return ngettext("%(n)d week ago", "%(n)d weeks ago", days // 7) % {"n": days // 7}


def when(value: datetime | date | None) -> SafeString:
    """A moment or a day as `<time>`: relative words, the exact moment in its title."""
    if value is None:
        return muted(EMPTY)
    if not isinstance(value, datetime):
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_text(value))
    moment = (timezone.localtime(value) if timezone.is_aware(value) else value).isoformat()
    title = f"{moment[:10]} {moment[11:16]}"
    words = conditional_escape(ago_text(value))
    return mark_safe(f'<time datetime="{moment}" title="{title}">{words}</time>')  # noqa: S308 - all of it is escaped


def due_tone(value: date | datetime | None, today: date | None = None) -> str:
    """`late`, `today`, `none` or nothing: how a next step stands."""
    if value is None:
        return "none"
    today = today or timezone.localdate()
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    return "late" if day < today else "today" if day == today else ""


def due_text(value: date | datetime, today: date | None = None) -> str:
    """`2 days overdue`, `Today 16:00`, `Tomorrow`, `24 Nov`."""
    today = today or timezone.localdate()
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    behind = (today - day).days
    if behind > 0:
        return ngettext("%(n)d day overdue", "%(n)d days overdue", behind) % {"n": behind}
    if behind == 0:
        has_time = isinstance(value, datetime) and timezone.localtime(value).time() != datetime.min.time()
        clock = formats.time_format(timezone.localtime(value), "H:i") if has_time else ""  # type: ignore[arg-type]
        return f"{_('Today')} {clock}".strip()
    if day == today + timedelta(days=1):
        return _("Tomorrow")
    return day_text(day, today)


def percent(part: float | Decimal | None, places: int = 0) -> str:
    """A share of one as a percentage: 0.318 → `31.8%`."""
    if part is None:
        return EMPTY
    figure = formats.number_format(round(Decimal(str(part)) * 100, places), decimal_pos=places, use_l10n=True)
    return f"{figure}%"


def mid_sentence(words: Any) -> str:
    """A label inside a sentence: in small letters, but not where nouns have a capital (German)."""
    text = str(words)
    return text if (get_language() or "").startswith("de") else text.lower()


def join(parts: list[Any], separator: str = " ") -> SafeString:
    """Parts side by side, those that are not safe escaped, empty ones left out."""
    kept = [conditional_escape(part) for part in parts if part not in (None, "")]
    return mark_safe(conditional_escape(separator).join(kept))  # noqa: S308 - every part is escaped above


def progress(value: int, total: int, label: str, tone: str = "") -> SafeString:
    """A bar; the label says the same in words for those who don't see it."""
    return format_html(
        '<progress class="{}" value="{}" max="{}" aria-label="{}"></progress>',
        f"bar {tone}".strip(), value, max(total, 1), label,
    )  # fmt: skip
