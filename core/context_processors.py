"""What the shell needs on every page."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.models import Notification
from core.registries import navigation
from core.registries.navigation import NavEntry
from core.scope.access import profile_for
from core.selectors.favourites import starred_by, starred_records


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, favourites and the inbox count, lazily: fragments and public pages pay nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "profile": profile_for(user),
        # lazy and kept: the sidebar and the phone's tab bar read it four times
        "nav": SimpleLazyObject(partial(_navigation, user)),
        "create_menu": partial(navigation.create_entries, profile_for(user)),
        # read by the sidebar and by the phone's tab bar
        "inbox_count": SimpleLazyObject(partial(_unread, user)),
        "favourites": lambda: starred_records(user, starred_by(user)),
    }


def _unread(user: Any) -> int:
    """Unread notifications, counted up to a hundred."""
    return Notification.objects.filter(user=user, read_at__isnull=True)[:100].count()


def _navigation(user: Any) -> list[tuple[NavEntry, int | None]]:
    return [
        (entry, entry.count(user) if entry.count else None) for entry in navigation.entries(profile_for(user))
    ]
