"""Template tags of the UI kit: the pieces of `core.ui.markup`, and the shell's links."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, json_script
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.conditions.words import Chip
from core.places import place
from core.registries.navigation import NavEntry
from core.ui import markup, nav_links, row_conflicts
from core.ui.cards import CardWriter
from core.ui.list_query import FILTER_PARAMETERS, PAGE_PARAMETERS
from core.ui.mentions import rich_text
from core.ui.texts import SCRIPT_TEXTS

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    return markup.icon(name, classes)


@register.simple_tag
def avatar(name: Any, classes: str = "") -> SafeString:
    return markup.avatar(str(name or ""), classes)


@register.simple_tag
def person(name: Any, classes: str = "size-s") -> SafeString:
    return markup.person(str(name or ""), classes)


@register.simple_tag
def badge(label: Any, tone: str = "", icon: str = "") -> SafeString:
    return markup.badge(label, tone, icon)


@register.filter
def money(amount: Decimal | float | None, currency: str = "") -> SafeString:
    return markup.money(amount, currency)


@register.filter
def money_short(amount: Decimal | float | None, currency: str = "") -> str:
    return markup.money_short(amount, currency)


@register.filter
def short_number(value: Decimal | float | None) -> str:
    return "" if value is None else markup.short_number(value)


@register.filter
def percent(part: float | None, places: int = 0) -> str:
    return markup.percent(part, places)


@register.filter
def mid_sentence(words: Any) -> str:
    return markup.mid_sentence(words)


@register.filter("rich_text")
def rich_text_of(text: str) -> SafeString:
    """What a person typed: escaped, mentions and addresses marked."""
    return rich_text(text)


@register.filter
def when(value: datetime | date | None) -> SafeString:
    return markup.when(value)


@register.filter
def due(value: datetime | date | None) -> str:
    return markup.due_text(value) if value else ""


@register.filter
def due_tone(value: datetime | date | None) -> str:
    return markup.due_tone(value)


@register.simple_tag
def progress_bar(value: int, total: int, label: str, tone: str = "") -> SafeString:
    return markup.progress(value, total, label, tone)


@register.simple_tag(takes_context=True)
def nav_section(context: template.Context, section: str, heading: str = "") -> SafeString:
    """The links of a section of the sidebar; the heading only where there are some."""
    links = nav_links.section_links(_nav(context), section, _lit(context))
    return format_html("<h2>{}</h2>{}", heading, links) if links and heading else links


@register.simple_tag(takes_context=True)
def nav_fold(context: template.Context, section: str, label: str) -> SafeString:
    return nav_links.section_fold(_nav(context), section, _lit(context), label)


@register.simple_tag(takes_context=True)
def nav_phone_tabs(context: template.Context) -> SafeString:
    return nav_links.phone_tabs(_nav(context), _lit(context))


@register.simple_tag(takes_context=True)
def nav_phone_menu(context: template.Context) -> SafeString:
    return nav_links.phone_menu(_nav(context))


@register.simple_tag(takes_context=True)
def shortcuts_dialog(context: template.Context) -> SafeString:
    """The list of keyboard shortcuts; the same on every page, so it is written once for a language and a menu."""
    return _shortcuts(tuple(entry for entry, _count in _nav(context) if entry.shortcut), get_language())


@lru_cache(maxsize=256)
def _shortcuts(entries: tuple[NavEntry, ...], _language: str | None) -> SafeString:
    return render_to_string("ui/_shortcuts.html", {"entries": entries})


def _nav(context: template.Context) -> nav_links.Nav:
    found: nav_links.Nav = context.get("nav") or ()
    return found


def _lit(context: template.Context) -> str:
    """The URL of the entry that the page belongs to, worked out once for a page."""
    request: Any = context.get("request")
    if not hasattr(request, "nav_here"):
        if request is None:
            return ""
        request.nav_here = nav_links.here(request, _nav(context))
    return str(request.nav_here)


@register.simple_tag
def url_or_nothing(name: str, *args: Any) -> str:
    """The URL of a named page, or an empty string where it is not installed."""
    return place(name, *args)


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """The page's query string with some parameters replaced; an empty value removes one."""
    query = dict(context["request"].GET.lists())
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = [str(value)]
    text = urlencode(query, doseq=True)
    return f"?{text}" if text else "?"


@register.simple_tag
def row_state(row: Any) -> SafeString:
    """Inside the form of a button on a row: which state of it the page shows."""
    return row_conflicts.row_state(row)


@register.simple_tag
def script_texts() -> SafeString:
    """The translated words for the page's scripts."""
    return _script_texts(get_language())


@lru_cache(maxsize=32)
def _script_texts(_language: str | None) -> SafeString:
    return json_script({key: str(text) for key, text in SCRIPT_TEXTS.items()}, "ui-texts")


@register.simple_tag(takes_context=True)
def without_parameter(context: template.Context, name: str) -> str:
    """The page's query string without one parameter and without the page's place."""
    query = context["request"].GET.copy()
    for gone in (name, *PAGE_PARAMETERS, *FILTER_PARAMETERS):
        query.pop(gone, None)
    text = query.urlencode(safe=",")
    return f"?{text}" if text else "?"


@register.simple_tag(takes_context=True)
def edit_filter(context: template.Context, chip: Chip) -> str:
    """The query string that asks for the form of a filter that is there."""
    query = context["request"].GET.copy()
    for gone in (*PAGE_PARAMETERS, *FILTER_PARAMETERS):
        query.pop(gone, None)
    query.update({"filter": chip.key, "op": chip.op, "edit": chip.parameter, "form": "1"})
    query.setlist("value", list(chip.values))
    return f"?{query.urlencode(safe=',')}"


@register.simple_tag
def board_cards(cards: Any, movable: bool) -> SafeString:
    """The cards of a board's column."""
    return CardWriter(movable=movable).cards(cards)
