"""The URLs of named pages, worked out once in a process: a page names the same hundred of them each time."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse


def place(name: str, *args: Any) -> str:
    """The URL of a named page, or an empty string where it is not installed."""
    return _place(name, args, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=4096)
def _place(name: str, args: tuple[Any, ...], _prefix: str, urlconf: str) -> str:
    try:
        return reverse(name, urlconf=urlconf, args=args)
    except NoReverseMatch:
        return ""
