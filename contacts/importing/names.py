"""People's names as files write them: taken apart, and in their own order and case."""

import re

HONORIFICS = frozenset(
    (
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "herr",
        "frau",
        "mme",
        "mlle",
        "sir",
        "dame",
        "rev",
        "hon",
    )
)
SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "dds", "mba"))
PARTICLES = frozenset(
    ("van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "al", "bin",
     "ibn", "ben", "ter", "ten", "zu", "zur", "af")
)  # fmt: skip
EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
FAMILY_FIRST = frozenset(("HU", "CN", "JP", "KR", "TW", "VN", "HK"))
FAMILY_FIRST_LANGUAGES = ("hu", "vi")
"""Languages in Latin letters whose speakers write the family name first."""
WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


def split_name(full: str, country: str = "") -> tuple[str, str]:
    """Given and family name of a full name; East Asian and Hungarian ones begin with the family.

    >>> split_name("Snelling, Anna"), split_name("Anna Maria Snelling")
    (('Anna', 'Snelling'), ('Anna Maria', 'Snelling'))
    >>> split_name("Ludwig van Beethoven"), split_name("山田 太郎")
    (('Ludwig', 'van Beethoven'), ('太郎', '山田'))
    """
    family, comma, given = (part.strip() for part in full.partition(","))
    if comma and given.casefold().rstrip(".") not in SUFFIXES:
        return given, family
    words = full.split()
    if len(words) < 2:
        return "", full.strip()
    if EAST_ASIAN.search(full) or (country in FAMILY_FIRST and len(words) == 2):
        return " ".join(words[1:]), words[0]
    if words[0].casefold().rstrip(".") in HONORIFICS and len(words) > 2:
        words = words[1:]
    start = len(words) - 1
    if words[start].casefold().rstrip(".") in SUFFIXES and start > 1:
        start -= 1
    while start > 1 and words[start - 1].casefold() in PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def full_name(first: str, last: str, language: str = "") -> str:
    """Both names in the order in which their owner writes them: the family first in East Asian writing, and where
    somebody speaks Hungarian or Vietnamese.

    >>> full_name("Ada", "Byron"), full_name("太郎", "山田"), full_name("Yui", "Watanabe"), full_name("", "Roe")
    ('Ada Byron', '山田 太郎', 'Yui Watanabe', 'Roe')
    >>> full_name("Thị Hạnh", "Nguyễn", "vi"), full_name("Katalin", "Nagy", "hu-HU")
    ('Nguyễn Thị Hạnh', 'Nagy Katalin')
    """
    family_first = EAST_ASIAN.search(first + last) or language[:2].lower() in FAMILY_FIRST_LANGUAGES
    parts = (last, first) if family_first else (first, last)
    return " ".join(part.strip() for part in parts if part.strip())


def in_own_case(name: str) -> str:
    """The name as people write it, where a file shouts or whispers it; mixed case is kept as it is.

    >>> in_own_case("MCDONALD"), in_own_case("o'brien-smith"), in_own_case("van der BERG"), in_own_case("DeShawn")
    ('McDonald', "O'Brien-Smith", 'van der BERG', 'DeShawn')
    >>> in_own_case("LUDWIG VAN BEETHOVEN"), in_own_case("JR"), in_own_case("straße")
    ('Ludwig van Beethoven', 'JR', 'Straße')
    """
    if not name or not (name.isupper() or name.islower()):
        return name
    if name.isupper() and len(name) <= 2:
        return name
    words = name.split(" ")
    return " ".join(
        word.lower() if word.casefold() in PARTICLES and len(words) > 1 else WORD.sub(_capital, word)
        for word in words
    )


def _capital(match: re.Match[str]) -> str:
    word: str = match[0].lower()
    if match.start() and match.string[match.start() - 1] in "'’" and len(word) <= 1:
        return word  # the s of “Chuck's”
    if word.startswith("mc") and len(word) > 3:
        return "Mc" + word[2:].capitalize()
    return word.capitalize()


def joined_name(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part and part.strip())
