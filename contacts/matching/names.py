"""How alike two given names or two surnames are, as one of a few levels that can be said in words."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from contacts.matching.nicknames import groups_of
from contacts.matching.text import SUFFIXES, TITLES, fold, latin, skeleton

_distance = DamerauLevenshtein.distance
_similarity = JaroWinkler.similarity
_PARTICLES = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "del",
        "della",
        "di",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
        "zu",
        "zum",
        "zur",
        "al",
        "el",
        "bin",
        "ibn",
        "y",
        "e",
    ]
)
_FEMALE_ENDINGS = (("ska", "ski"), ("cka", "cki"), ("ova", "ov"), ("eva", "ev"), ("ina", "in"), ("aya", "y"))


class NameLevel(StrEnum):
    """From the strongest agreement to none. `missing`: at least one of the two is not known."""

    SAME = "same"
    NICKNAME = "nickname"
    INITIAL = "initial"
    PART = "part"
    TYPO = "typo"
    SOUND = "sound"
    GENDER = "gender"
    MIDDLE = "middle"
    ALIKE = "alike"
    DIFFERENT = "different"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Name:
    """A given name or a surname in the forms that are compared."""

    words: tuple[str, ...]
    key: str
    sound: str

    @property
    def known(self) -> bool:
        return bool(self.words)


EMPTY = Name((), "", "")


@lru_cache(maxsize=200_000)
def name_of(text: str) -> Name:
    """The name in `text`, without titles, particles and generation words."""
    words = [fold(word) for word in latin(text).split()]
    kept = [w for w in words if w not in TITLES and w not in SUFFIXES]
    core = [w for w in kept if w not in _PARTICLES] or kept
    if not core:
        return EMPTY
    key = "".join(core)
    return Name(tuple(core), key, skeleton(key))


def suffix_of(*texts: str) -> str:
    """The generation that a name carries: `jr`, `sr`, `iii`, `iv` or nothing.

    >>> suffix_of("Robert", "King, Jr.")
    'jr'
    """
    for text in texts:
        if " " in text or "," in text:
            for word in latin(text).split()[1:]:
                if word in SUFFIXES:
                    return SUFFIXES[word]
    return ""


def given_level(one: Name, other: Name) -> NameLevel:
    """How two given names agree; the order of the two does not matter.

    >>> given_level(name_of("Bob"), name_of("Robert")), given_level(name_of("J."), name_of("John"))
    (<NameLevel.NICKNAME: 'nickname'>, <NameLevel.INITIAL: 'initial'>)
    """
    if not one.words or not other.words:
        return NameLevel.MISSING
    if one.key == other.key:
        return NameLevel.SAME
    short, long = sorted((one, other), key=lambda name: (len(name.words), len(name.key), name.key))
    first, second = short.words[0], long.words[0]
    if len(short.words) > 1 or len(long.words) > 1:
        return _several_words(short, long)
    if len(first) == 1 or len(second) == 1:
        return NameLevel.INITIAL if first[0] == second[0] else NameLevel.DIFFERENT
    return _single_words(first, second)


def _several_words(short: Name, long: Name) -> NameLevel:
    if _fits(short.words, long.words):
        return NameLevel.PART if any(len(word) > 1 for word in short.words) else NameLevel.INITIAL
    first = _single_words(short.words[0], long.words[0])
    if first in (NameLevel.SAME, NameLevel.NICKNAME) and len(short.words) > 1:
        return NameLevel.MIDDLE  # Anna Maria, Anna Lena
    if len(short.words) == 1:
        levels = [_single_words(short.words[0], word) for word in long.words if len(word) > 1]
        best = min(levels, key=_RANK.__getitem__, default=NameLevel.DIFFERENT)
        return best if _RANK[best] > _RANK[NameLevel.PART] or best == NameLevel.NICKNAME else NameLevel.PART
    return _close(short.key, long.key)


def _fits(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether every word of the shorter name is found in the longer one, as itself or as its initial."""
    left = list(long)
    for word in short:
        found = next(
            (w for w in left if w == word or (min(len(w), len(word)) == 1 and w[0] == word[0])), None
        )
        if found is None:
            return False
        left.remove(found)
    return True


def _single_words(first: str, second: str) -> NameLevel:
    if first == second:
        return NameLevel.SAME
    if not groups_of(first).isdisjoint(groups_of(second)):
        return NameLevel.NICKNAME
    if _other_gender(first, second):
        return NameLevel.GENDER
    return _close(first, second)


def _other_gender(first: str, second: str) -> bool:
    """Daniel and Daniela, Mario and Maria: one letter, two people."""
    short, long = sorted((first, second), key=len)
    if len(short) < 3:
        return False
    if len(long) == len(short):
        return short[:-1] == long[:-1] and {short[-1], long[-1]} <= {"a", "o", "e", "i"}
    return long[: len(short)] == short and long[len(short) :] in (
        "a",
        "e",
        "ine",
        "ina",
        "ia",
        "ette",
        "elle",
    )


def surname_level(one: Name, other: Name) -> NameLevel:
    """How two surnames agree; the order of the two does not matter.

    >>> surname_level(name_of("Smith"), name_of("Smyth")), surname_level(name_of("Ivanov"), name_of("Иванова"))
    (<NameLevel.TYPO: 'typo'>, <NameLevel.GENDER: 'gender'>)
    """
    if not one.words or not other.words:
        return NameLevel.MISSING
    if one.key == other.key:
        return NameLevel.SAME
    if len(one.key) == 1 or len(other.key) == 1:
        return NameLevel.INITIAL if one.key[0] == other.key[0] else NameLevel.DIFFERENT
    short, long = sorted((one, other), key=lambda name: (len(name.words), len(name.key), name.key))
    if len(long.words) > 1 and any(len(w) > 1 for w in short.words) and _fits(short.words, long.words):
        return NameLevel.PART
    for female, male in _FEMALE_ENDINGS:
        if long.key.endswith(female) and short.key == long.key[: -len(female)] + male:
            return NameLevel.GENDER
    level = _close(short.key, long.key)
    if level == NameLevel.DIFFERENT and len(long.words) > 1:
        levels = [_close(x, y) for x in short.words for y in long.words if min(len(x), len(y)) > 3]
        if NameLevel.SAME in levels or NameLevel.TYPO in levels:
            return NameLevel.ALIKE
    return level


def _close(first: str, second: str) -> NameLevel:
    if first == second:
        return NameLevel.SAME
    shorter = min(len(first), len(second))
    if shorter < 3:
        return NameLevel.ALIKE if first[0] == second[0] and shorter > 1 else NameLevel.DIFFERENT
    distance = _distance(first, second, score_cutoff=2)
    if distance == 1 and shorter >= 4:
        return NameLevel.TYPO
    similarity = _similarity(first, second)
    if skeleton(first) == skeleton(second) and similarity >= 0.8:
        return NameLevel.SOUND
    if distance <= 2 and shorter >= 7:
        return NameLevel.TYPO
    if distance == 1 or similarity >= 0.86:
        return NameLevel.ALIKE
    return NameLevel.DIFFERENT


_RANK = {level: place for place, level in enumerate(NameLevel)}
