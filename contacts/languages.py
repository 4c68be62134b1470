"""Languages as people read and write them; rows hold the code."""

from functools import cache

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, get_language_info


@cache
def _names(_reader: str | None) -> dict[str, str]:
    named = {
        code: str(get_language_info(code)["name_translated"])
        for code, info in LANG_INFO.items()
        if "name" in info
    }
    return dict(sorted(named.items(), key=lambda item: item[1]))


def language_choices() -> list[tuple[str, str]]:
    """(code, name in the reader's language) of all languages that have a name here, by name."""
    return list(_names(get_language()).items())


def language_name(code: str) -> str:
    """A language in the reader's words; the code itself where Django does not know it."""
    try:
        return str(get_language_info(code)["name_translated"]) if code else ""
    except KeyError:
        return code


def language_called(text: str) -> str:
    """The code of a language by its name in the reader's language, in English or its own; what has no name here
    stays as it is, for a row may hold it."""
    wanted = " ".join(text.split()).casefold()
    for code, name in language_choices():
        info = LANG_INFO[code]
        if wanted in (code, name.casefold(), info["name"].casefold(), info["name_local"].casefold()):
            return code
    return text.strip()
