"""The one router under `/api/v1/`; apps register their resources in `ready()`."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from rest_framework.routers import SimpleRouter

from core.conditions.rows_links import RowsLink

router = SimpleRouter()
_lists: dict[str, str] = {}


def register(prefix: str, viewset: Any, basename: str) -> None:
    """Offer `viewset` at `/api/v1/<prefix>/`."""
    router.register(prefix, viewset, basename=basename)
    if hasattr(viewset, "filtered"):
        _lists.setdefault(viewset.record_type, basename)


def rows_url(link: RowsLink | None) -> str | None:
    """The rows of a link as a list of the API; None where the type has no list there."""
    if link is None or link.record_type not in _lists:
        return None
    try:
        address = reverse(f"api:{_lists[link.record_type]}-list")
    except NoReverseMatch:
        return None
    return f"{address}?{urlencode(link.params)}" if link.params else address
