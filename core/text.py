"""Text as lists order and searches compare it."""

import unicodedata

LETTERS = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    }
)


def sort_key(text: str, limit: int = 210) -> str:
    """`text` lower-case, without accents, runs of white space as one space, cut to `limit`.

    >>> sort_key("  Ångström  ÉLISE ")
    'angstrom elise'
    """
    if text.isascii():  # most names; nothing to take apart
        return " ".join(text.split()).lower()[:limit]
    folded = unicodedata.normalize("NFKD", " ".join(text.split()).casefold()).translate(LETTERS)
    return "".join(c for c in folded if not unicodedata.combining(c))[:limit]
