"""What the shell needs on every page."""

from collections import Counter
from functools import partial
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.models import Notification
from core.registries import navigation
from core.registries.navigation import NavEntry
from core.scope.access import profile_for
from core.selectors.favourites import starred_by, starred_records

INBOX = "inbox"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, favourites and the inbox count, lazily: fragments and public pages pay nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    counts: Any = SimpleLazyObject(partial(_counts, user))
    return {
        "profile": profile_for(user),
        # lazy and kept: the sidebar and the phone's tab bar read them four times
        "nav": SimpleLazyObject(partial(_navigation, user, counts)),
        "create_menu": partial(navigation.create_entries, profile_for(user)),
        "inbox_count": SimpleLazyObject(lambda: counts[INBOX]),
        "favourites": lambda: starred_records(user, starred_by(user)),
    }


def _counts(user: Any) -> Counter[str]:
    """How many rows stand behind each entry of the sidebar, and unread notifications (up to a hundred)."""
    parts: dict[str, QuerySet[Any]] = {
        INBOX: Notification.objects.filter(user=user, read_at__isnull=True)[:100]
    }
    for entry in navigation.entries(profile_for(user)):
        if entry.counted is not None:
            parts[entry.key] = entry.counted(user)
    named = [_named(rows, key) for key, rows in parts.items()]
    return Counter(named[0].union(*named[1:], all=True) if len(named) > 1 else named[0])


def _named(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    """One line with the key for each row."""
    limit = rows.query.high_mark
    plain = rows.all()
    plain.query.clear_limits()
    named = plain.order_by().annotate(entry=Value(key, output_field=CharField()))
    found: QuerySet[Any] = named.values_list("entry", flat=True)[:limit]
    return found


def _navigation(user: Any, counts: Counter[str]) -> list[tuple[NavEntry, int | None]]:
    return [
        (entry, counts[entry.key] if entry.counted else None)
        for entry in navigation.entries(profile_for(user))
    ]
