"""A dashboard that costs much is reckoned once and kept for some minutes; the page says from when its numbers are."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language

from analytics.dashboard.page import Dashboard, dashboard_of
from analytics.periods import Period
from core.scope.access import profile_for

DEAR = 0.4
"""Seconds: what takes less is reckoned for every look."""
KEPT_FOR = 300
"""Seconds."""


@dataclass(frozen=True)
class Kept:
    """A dashboard, and when it was reckoned if that was before this request."""

    dashboard: Dashboard
    at: datetime | None


def dashboard_for(user: Any, period: Period, *, fresh: bool = False) -> Kept:
    """The dashboard of a viewer and a period; `fresh` reckons it whatever is kept.

    What is kept belongs to one person with the rights of this moment: other rights find nothing.
    """
    key = _key(user, period)
    if not fresh and (found := cache.get(key)) is not None:
        return Kept(*found)
    began = time.perf_counter()
    dashboard = dashboard_of(user, period)
    if time.perf_counter() - began >= DEAR:
        cache.set(key, (dashboard, timezone.now()), KEPT_FOR)
    else:
        cache.delete(key)
    return Kept(dashboard, None)


def _key(user: Any, period: Period) -> str:
    seen_as = (profile_for(user), period, get_language(), timezone.get_current_timezone_name())
    return f"dashboard:{hashlib.sha256(repr(seen_as).encode()).hexdigest()}"


def forget_kept(_values: Sequence[str] = (), _names: Sequence[str] = ()) -> int:
    """Throw away every kept dashboard, as its tiles name people; returns how many."""
    behind: Any = cache
    client = behind._cache.get_client(None, write=True)  # the cache has no front for patterns
    keys = list(client.scan_iter(match=cache.make_key("dashboard:*"), count=1000))
    return int(client.delete(*keys)) if keys else 0
