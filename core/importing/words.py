"""Near matches: which known word somebody probably meant."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from core.importing.problems import Suggestion
from core.text import sort_key

NEAR = 0.8
CLOSE = 0.1  # what resembles the word so much less than the best is not offered
OFFERED = 3


def squeezed(text: str) -> str:
    """Lower-case letters and digits alone: what is left when spacing and signs don't count.

    >>> squeezed("GTX-Pro") == squeezed("GTXPro")
    True
    """
    return "".join(c for c in sort_key(text) if c.isalnum())


def nearest(text: str, options: Iterable[Suggestion], *, limit: int = OFFERED) -> list[Suggestion]:
    """The options that resemble `text`, best first; none when nothing does."""
    wanted = squeezed(text)
    if not wanted:
        return []
    scored: list[tuple[float, str, Suggestion]] = []
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for option in options:
        key = squeezed(option.label)
        matcher.set_seq1(key)
        if matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR:
            score = matcher.ratio()
        elif len(wanted) >= 4 and wanted in key:
            score = NEAR  # “Korea” of “South Korea”
        else:
            continue
        if score >= NEAR:
            scored.append((-score, option.label, option))
    best = min((score for score, _label, _option in scored), default=0.0)
    close = sorted((item for item in scored if item[0] <= best + CLOSE), key=lambda item: item[:2])
    return [option for _score, _label, option in close[:limit]]


def best_named(text: str, names: Sequence[str]) -> float:
    """How well `text` resembles the best of `names`, from 0 to 1; 1 is equal but for spacing and case."""
    wanted = squeezed(text)
    return max((SequenceMatcher(None, wanted, squeezed(name)).ratio() for name in names), default=0.0)
