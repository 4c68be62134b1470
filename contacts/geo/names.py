"""Countries as people read them; rows hold the ISO 3166 code."""

from functools import cache

from django.utils.translation import get_language
from django_countries import countries


@cache
def _names(language: str | None) -> dict[str, str]:
    return {code: str(name) for code, name in countries}


def country_name(code: str) -> str:
    """`SE` → `Sweden` in the reader's language; a code that no country has stays as it is."""
    return _names(get_language()).get(code, code)
