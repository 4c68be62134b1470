"""`{{ first_name|fallback:"there" }}`: an allow-list of names and one filter, and nothing that evaluates.

Django's templates are kept away from what users type: attribute look-ups and tags reach settings and code.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass

_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_QUOTE = "(?:\"|'|&quot;|&#34;|&#39;|[\u201c\u201d\u201e])"
_INNER = re.compile(
    rf"\s*([a-z][a-z0-9_]*)\s*(?:\|\s*fallback\s*:\s*{_QUOTE}(.*?){_QUOTE}\s*)?", re.IGNORECASE | re.DOTALL
)


class ProblemCode(enum.StrEnum):
    """What can be wrong with a message; `Problem.detail` names the piece of it."""

    UNKNOWN_PLACEHOLDER = "unknown_placeholder"
    MALFORMED_PLACEHOLDER = "malformed_placeholder"
    NO_SUBJECT = "no_subject"
    NO_TEXT = "no_text"
    NO_UNSUBSCRIBE_LINK = "no_unsubscribe_link"
    NO_POSTAL_ADDRESS = "no_postal_address"
    BAD_SENDER = "bad_sender"
    WHOLE_LINK_PLACEHOLDER = "whole_link_placeholder"
    BAD_LINK = "bad_link"


@dataclass(frozen=True, slots=True)
class Problem:
    code: ProblemCode
    part: str
    """subject, text, html, sender or postal_address."""
    line: int = 0
    detail: str = ""


class MessageProblems(ValueError):
    """A message that can't be sent as it is; `problems` lists everything that is wrong, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{one.part}:{one.line} {one.code} {one.detail}" for one in self.problems))


@dataclass(frozen=True, slots=True)
class Placeholder:
    name: str
    fallback: str = ""


Piece = str | Placeholder


def parse_placeholders(source: str, allowed: Iterable[str], part: str) -> tuple[list[Piece], list[Problem]]:
    """The literal pieces and placeholders of a text in order, and what is wrong with them by line."""
    names = frozenset(allowed)
    pieces: list[Piece] = []
    problems: list[Problem] = []
    end = 0
    for match in _TAG.finditer(source):
        pieces.append(source[end : match.start()])
        end = match.end()
        line = source.count("\n", 0, match.start()) + 1
        inner = _INNER.fullmatch(match.group(1))
        if inner is None:
            problems.append(Problem(ProblemCode.MALFORMED_PLACEHOLDER, part, line, match.group(0)[:80]))
        elif inner.group(1).lower() not in names:
            problems.append(Problem(ProblemCode.UNKNOWN_PLACEHOLDER, part, line, inner.group(1)[:80]))
        else:
            pieces.append(Placeholder(inner.group(1).lower(), inner.group(2) or ""))
    rest = source[end:]
    if "{{" in rest:
        line = source.count("\n", 0, end + rest.index("{{")) + 1
        problems.append(Problem(ProblemCode.MALFORMED_PLACEHOLDER, part, line, rest[rest.index("{{") :][:40]))
    pieces.append(rest)
    return [piece for piece in pieces if piece != ""], problems
