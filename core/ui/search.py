"""Search across record types: the command palette, choices in forms, and @mentions."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.models import Document, Tag, Team, User
from core.places import place
from core.registries import navigation, records
from core.registries.records import RecordType, SearchHit
from core.scope.access import profile_for
from core.selectors.favourites import starred_by, starred_records
from core.ui.access import SignedInView

HITS_PER_TYPE = 5
OPTIONS = 20
SHORTEST = 2


@dataclass(frozen=True)
class Entry:
    """A line of the palette: it opens `url`, or presses what `click` selects on the page."""

    label: str
    hint: str = ""
    icon: str = ""
    url: str = ""
    click: str = ""
    key: str = ""
    avatar: bool = False


@dataclass(frozen=True)
class Group:
    """Lines under a heading."""

    label: str
    entries: list[Entry]


class PaletteView(SignedInView):
    """The palette's list for `?q=`: records, actions on the record `here`, what can be created, places."""

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:200]
        profile = profile_for(request.user)
        groups = [
            Group(_("Records"), found_records(request.user, text)),
            Group(_("Favourites"), matching(favourites(request.user), text)),
            *self.actions_here(request.GET.get("here", ""), text),
            Group(_("Create"), matching(self.creates(profile), text)),
            Group(_("Go to"), matching(self.places(profile), text)),
        ]
        context = {"groups": [group for group in groups if group.entries], "text": text}
        return render(request, "ui/_palette_results.html", context)

    def actions_here(self, here: str, text: str) -> list[Group]:
        """Actions on the record whose page is open; the page's own buttons carry them out."""
        key, _colon, pk = here.partition(":")
        record = records.resolve(key, int(pk), self.request.user) if pk.isascii() and pk.isdigit() else None
        if record is None:
            return []
        entries = [
            Entry(_("Log a call"), icon="phone", click='[data-compose="call"]', key="L"),
            Entry(_("Write a note"), icon="note", click='[data-compose="note"]'),
            Entry(_("Write an e-mail"), icon="mail", click='[data-compose="email"]'),
            Entry(_("Add a task"), icon="checkbox", click='[data-compose="task"]'),
            Entry(_("Write down a meeting"), icon="calendar-plus", click='[data-compose="meeting"]'),
            Entry(_("Edit"), icon="pencil", click='[data-hotkey="e"]', key="E"),
            Entry(_("History"), icon="history", url=place("core:history", key, record.pk)),
        ]
        profile, kind = profile_for(self.request.user), records.get(key)
        if kind.merge_url and profile.allows(key, "change") and profile.allows(key, "delete"):
            entries.append(Entry(_("Merge…"), icon="arrow-merge", url=kind.merge_url_of(record.pk)))
        return [Group(_("Actions on %(name)s") % {"name": record}, matching(entries, text))]

    def creates(self, profile: Any) -> list[Entry]:
        entries = navigation.create_entries(profile)
        return [Entry(str(e.label), icon=e.icon, url=place(e.url_name)) for e in entries if place(e.url_name)]

    def places(self, profile: Any) -> list[Entry]:
        entries = [
            Entry(str(e.label), icon=e.icon, url=place(e.url_name), key=e.shortcut.upper())
            for e in navigation.entries(profile)
            if place(e.url_name)
        ]
        entries += [
            Entry(_("Recycle bin"), icon="trash", url=place("core:trash")),
            Entry(_("Jobs"), icon="progress", url=place("core:job_list")),
            Entry(_("My account"), icon="user", url=place("core:profile")),
        ]
        if profile.can("see_audit"):
            entries.append(Entry(_("Audit"), icon="history", url=place("core:audit")))
        return [
            *entries,
            Entry(_("Keyboard shortcuts"), icon="help-circle", click='[data-open="shortcuts"]', key="?"),
        ]


def favourites(user: Any) -> list[Entry]:
    """What the person starred, as far as they may still see it."""
    return [
        Entry(str(record), str(kind.label), kind.icon, kind.url_of(record.pk), avatar=True)
        for kind, record in starred_records(user, starred_by(user))
        if kind.detail_url
    ]


def matching(entries: list[Entry], text: str) -> list[Entry]:
    """The entries whose words contain every word of `text`."""
    words = text.casefold().split()
    return [entry for entry in entries if all(word in entry.label.casefold() for word in words)]


def found_records(user: Any, text: str) -> list[Entry]:
    """Hits of every type that the person may view, best first within each type."""
    if len(text) < SHORTEST:
        return []
    profile = profile_for(user)
    entries = []
    for record_type in records.all_types():
        if (
            record_type.search is None
            or not record_type.detail_url
            or not profile.allows(record_type.key, "view")
        ):
            continue
        for hit in record_type.search(user, text, HITS_PER_TYPE):
            entries.append(_entry(record_type, hit))
    return entries


def _entry(record_type: RecordType, hit: SearchHit) -> Entry:
    hint = " · ".join(part for part in (str(record_type.label), hit.subtitle) if part)
    return Entry(hit.title, hint, record_type.icon, hit.url, avatar=True)


class OptionsView(SignedInView):
    """Choices for a field that holds a record: `{"results": [{"value", "text", "hint"}]}` in scope."""

    def get(self, request: HttpRequest, record_type: str) -> JsonResponse:
        if not records.known(record_type) or not profile_for(request.user).allows(record_type, "view"):
            raise Http404
        found = records.get(record_type)
        text = request.GET.get("q", "").strip()[:200]
        if text and found.search is not None:
            hits = found.search(request.user, text, OPTIONS)
            results = [{"value": str(h.object_id), "text": h.title, "hint": h.subtitle} for h in hits]
        else:
            rows = found.visible_to(request.user).order_by("-pk")[:OPTIONS]
            results = [{"value": str(row.pk), "text": str(row), "hint": ""} for row in rows]
        return JsonResponse({"results": results})


def search_people(user: Any, text: str, limit: int) -> list[SearchHit]:
    """Users by any word of their name or the start of their address."""
    rows = User.objects.visible_to(user).filter(is_active=True)
    condition = Q(name__icontains=text) | Q(email__istartswith=text)
    found = rows.filter(condition).select_related("team").order_by("name", "pk")[:limit]
    return [SearchHit("user", one.pk, one.name, one.team.name if one.team else "", "") for one in found]


def search_teams(user: Any, text: str, limit: int) -> list[SearchHit]:
    """Teams by a part of their name."""
    found = Team.objects.visible_to(user).filter(name__icontains=text).order_by("name", "pk")[:limit]
    return [SearchHit("team", one.pk, one.name, "", "") for one in found]


def search_tags(user: Any, text: str, limit: int) -> list[SearchHit]:
    """Tags by the start of their name."""
    found = Tag.objects.visible_to(user).filter(name__istartswith=text).order_by("name", "pk")[:limit]
    return [SearchHit("tag", one.pk, one.name, "", "") for one in found]


def search_documents(user: Any, text: str, limit: int) -> list[SearchHit]:
    """Documents of the library by their name."""
    kind = records.get("document")
    found = Document.objects.visible_to(user).filter(name__icontains=text).order_by("name", "pk")[:limit]
    return [
        SearchHit("document", one.pk, one.name, one.description[:60], kind.url_of(one.pk)) for one in found
    ]


class MentionsView(SignedInView):
    """People to mention: `value` is what the text gets after the @."""

    def get(self, request: HttpRequest) -> JsonResponse:
        text = request.GET.get("q", "").strip()[:80]
        hits = search_people(request.user, text, 8)
        return JsonResponse(
            {"results": [{"value": mention_of(h), "text": h.title, "hint": h.subtitle} for h in hits]}
        )


def mention_of(hit: SearchHit) -> str:
    """`[Mira Castellanos](7)`: readable, and exact about who is meant."""
    return f"[{hit.title}]({hit.object_id})"
