"""The links of the sidebar, of the phone's tab bar and of its menu.

A page has some fifty of them, each the same on every page but for the one that is lit up and the numbers. So each is
written once for a language and kept.
"""

from collections.abc import Iterable
from functools import lru_cache

from django.http import HttpRequest
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core.places import place
from core.registries.navigation import NavEntry
from core.ui import markup

TABS_ON_PHONE = 4
"""Places in the phone's tab bar beside the one to create something."""
Nav = Iterable[tuple[NavEntry, str]]
"""Entries with the number beside each, as it is shown."""


def here(request: HttpRequest | None, nav: Nav) -> str:
    """The URL of the entry that the page belongs to: of all entries that begin its path the longest, so that
    /contacts/segments/ lights up segments and not contacts too."""
    path = request.path if request is not None else ""
    urls = [url for url in (place(entry.url_name) for entry, _count in nav) if url not in ("", "/")]
    return max((url for url in urls if path.startswith(url)), key=len, default="/" if path == "/" else "")


def section_links(nav: Nav, section: str, lit: str) -> SafeString:
    """The links of one section of the sidebar."""
    return _joined(_sidebar_link(entry, count, lit) for entry, count in nav if entry.section == section)


def section_fold(nav: Nav, section: str, lit: str, label: str) -> SafeString:
    """The links of a section that few people need daily, folded; open on their own pages."""
    links = section_links(nav, section, lit)
    if not links:
        return links
    is_open = SafeString(" open") if "aria-current" in links else ""
    return format_html(
        '<details class="nav-fold"{}><summary class="nav-item">{}{}</summary>{}</details>',
        is_open, markup.icon("settings"), label, links,
    )  # fmt: skip


def phone_tabs(nav: Nav, lit: str) -> SafeString:
    """The tab bar's links on both sides of its button."""
    links = (_link(entry, "", lit, "") for entry in _on_phone(nav))
    return format_html_join("", '<span class="slot">{}</span>', ((link,) for link in links))


def phone_menu(nav: Nav) -> SafeString:
    """The places for which the tab bar has no room."""
    pairs = list(nav)
    shown = _on_phone(pairs)
    return _joined(_link(entry, "menu-item", "", "") for entry, _count in pairs if entry not in shown)


def _on_phone(nav: Nav) -> list[NavEntry]:
    return [entry for entry, _count in nav if entry.on_phone][:TABS_ON_PHONE]


def _sidebar_link(entry: NavEntry, count: str, lit: str) -> SafeString:
    link = _link(entry, "nav-item", lit, entry.shortcut)
    if not count or not link:
        return link
    number = f' <span class="count num{" hot" if entry.hot else ""}">{escape(count)}</span></a>'
    return mark_safe(link.removesuffix("</a>") + number)  # noqa: S308 - the number is escaped


def _link(entry: NavEntry, classes: str, lit: str, shortcut: str) -> SafeString:
    href = place(entry.url_name)
    return _markup(entry, href, classes, href == lit, shortcut, get_language())


@lru_cache(maxsize=4096)
def _markup(
    entry: NavEntry, href: str, classes: str, is_lit: bool, shortcut: str, _language: str | None
) -> SafeString:
    """One link; nothing for a page that is not installed."""
    if not href:
        return SafeString("")
    return format_html(
        '<a class="{}" href="{}"{}{}>{}{}</a>',
        classes, href, SafeString(' aria-current="page"') if is_lit else "",
        format_html(' data-hotkey="{}"', shortcut) if shortcut else "", markup.icon(entry.icon), entry.label,
    )  # fmt: skip


def _joined(links: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(links))  # noqa: S308 - each is safe
