"""What the shell needs on every page."""

from functools import partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
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


def _counts(user: Any) -> dict[str, str]:
    """How many rows stand behind each entry of the sidebar, and unread notifications, as they are shown. One query,
    put together by hand: it is on every page."""
    parts: dict[str, QuerySet[Any]] = {
        INBOX: Notification.objects.filter(user=user, read_at__isnull=True)[:100]
    }
    for entry in navigation.entries(profile_for(user)):
        if entry.counted is not None:
            parts[entry.key] = entry.counted(user)
    asked = {key: sql for key, rows in parts.items() if (sql := _rows_sql(rows)) is not None}
    statement = ", ".join(
        f"(SELECT count(*) FROM ({sql}) AS rows)"  # noqa: S608 - compiled by the ORM
        for sql, _params in asked.values()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {statement}", [value for _sql, params in asked.values() for value in params])
        found = dict(zip(asked, cursor.fetchone(), strict=True))
    return {key: _shown(found.get(key, 0), rows.query.high_mark) for key, rows in parts.items()}


def _shown(number: int, limit: int | None) -> str:
    """Nothing for none; `99+` where the rows were cut at a hundred."""
    if limit is not None and number >= limit:
        return f"{limit - 1}+"
    return str(number) if number else ""


def _rows_sql(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]] | None:
    """The statement of the rows as the ORM compiles it, its values as parameters; None where it can have none."""
    keys = rows.values("pk")
    keys.query.clear_ordering(force=True)
    try:
        return keys.query.sql_with_params()
    except EmptyResultSet:
        return None


def _navigation(user: Any, counts: dict[str, str]) -> list[tuple[NavEntry, str]]:
    return [
        (entry, counts[entry.key] if entry.counted else "") for entry in navigation.entries(profile_for(user))
    ]
