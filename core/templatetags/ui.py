"""Template tags of the UI kit: the pieces of `core.ui.markup`, and the shell's links."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join, json_script
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from core.conditions.words import Chip
from core.places import place
from core.registries import navigation
from core.scope.access import profile_for
from core.ui import markup
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
def nav_link(
    context: template.Context, entry: Any, count: int | None = None, phone: bool = False
) -> SafeString:
    """A link of the sidebar or of the phone's tab bar; nothing for a page that is not installed."""
    href = place(entry.url_name)
    if not href:
        return SafeString("")
    request: HttpRequest | None = context.get("request")
    here = context.get("nav_key") == entry.key if context.get("nav_key") else _is_here(request, href)
    current = SafeString(' aria-current="page"') if here else ""
    hotkey = format_html(' data-hotkey="{}"', entry.shortcut) if entry.shortcut and not phone else ""
    number = ""
    if count and not phone:
        number = format_html(
            ' <span class="{}">{}</span>',
            "count num hot" if entry.hot else "count num",
            count,
        )
    return format_html(
        '<a class="{}" href="{}"{}{}>{}{}{}</a>',
        "" if phone else "nav-item", href, current, hotkey, markup.icon(entry.icon), entry.label, number,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def nav_fold(
    context: template.Context, nav: list[tuple[Any, int | None]], section: str, label: str
) -> SafeString:
    """The links of a section that few people need daily, folded; open on their own pages."""
    links = [nav_link(context, entry, count) for entry, count in nav if entry.section == section]
    if not any(links):
        return SafeString("")
    is_open = SafeString(" open") if any("aria-current" in link for link in links) else ""
    return format_html(
        '<details class="nav-fold"{}><summary class="nav-item">{}{}</summary>{}</details>',
        is_open, markup.icon("settings"), label, format_html_join("", "{}", ((link,) for link in links)),
    )  # fmt: skip


def _is_here(request: HttpRequest | None, href: str) -> bool:
    """Whether `href` is the entry that the page belongs to: of all entries that begin its path the longest, so
    that /contacts/segments/ lights up segments and not contacts too."""
    if request is None:
        return False
    longest = getattr(request, "nav_here", None)
    if longest is None:
        places = [place for place in _nav_urls(request) if request.path.startswith(place) and place != "/"]
        longest = max(places, key=len, default="/" if request.path == "/" else "")
        request.nav_here = longest  # type: ignore[attr-defined]
    return href == longest


def _nav_urls(request: HttpRequest) -> list[str]:
    urls = (place(entry.url_name) for entry in navigation.entries(profile_for(request.user)))
    return [url for url in urls if url]


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
def script_texts() -> SafeString:
    """The translated words for the page's scripts."""
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


TABS_ON_PHONE = 4
"""Places in the phone's tab bar beside the one to create something."""


@register.filter
def phone_tabs(nav: Iterable[tuple[Any, int | None]]) -> list[tuple[Any, int | None]]:
    """The entries of the navigation that stand in the phone's tab bar."""
    return [pair for pair in nav if pair[0].on_phone][:TABS_ON_PHONE]


@register.filter
def phone_rest(nav: Iterable[tuple[Any, int | None]]) -> list[Any]:
    """The entries for which the phone's tab bar has no place."""
    pairs = list(nav)
    shown = {pair[0].key for pair in phone_tabs(pairs)}
    return [entry for entry, _count in pairs if entry.key not in shown]
