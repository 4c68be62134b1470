"""Countries as people read and write them; rows hold the ISO 3166 code."""

from functools import cache

from django.utils import translation
from django.utils.translation import get_language
from django_countries import countries

from contacts.importing.words import COUNTRY_ALIASES


@cache
def _names(language: str | None) -> dict[str, str]:
    return {code: str(name) for code, name in countries}


@cache
def _codes(language: str | None) -> dict[str, str]:
    """Codes by everything that a country is called: its code, aliases, its name in English and in a language."""
    with translation.override("en"):
        english = _names("en")
    called = {name.casefold(): code for names in (english, _names(language)) for code, name in names.items()}
    called |= {alias.casefold(): code for alias, code in COUNTRY_ALIASES.items()}
    return called | {code.casefold(): code for code in english}


def country_name(code: str) -> str:
    """`SE` → `Sweden` in the reader's language; a code that no country has stays as it is."""
    return _names(get_language()).get(code, code)


def country_choices() -> list[tuple[str, str]]:
    """(code, name in the reader's language), in the order of the names."""
    return list(_names(get_language()).items())


def country_called(text: str) -> str | None:
    """The code of a country by code, name or customary short name (`DE`, `Germany`, `Deutschland`, `UK`)."""
    return _codes(get_language()).get(" ".join(text.split()).casefold())
