"""A record's profile: questions that a page answers from data, and who answers them.

The floor that owns the record registers the questions; every floor registers an answerer for what its own
rows tell. Core asks them all and knows none of the words.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from core.conditions.rows_links import RowsLink, hidden_criteria


@dataclass(frozen=True)
class Rows:
    """The rows behind an answer: a list under its filters (`link`), or a page (`url`). `count` is how many
    rows the list has, where the answer has counted them."""

    label: str
    link: RowsLink | None = None
    count: int | None = None
    url: str = ""

    @property
    def address(self) -> str:
        return self.link.url() if self.link is not None else self.url


@dataclass(frozen=True)
class Piece:
    """A part of an answer: plain sentences, the same as figures (JSON values), the rows behind them, and a
    drawing that is made only where it is shown."""

    sentences: Sequence[str]
    facts: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[Rows] = ()
    chart: Callable[[], SafeString] | None = None


@dataclass(frozen=True)
class Question:
    """Something a profile answers. `unknown` is said where no data answers it."""

    key: str
    label: str | Promise
    icon: str
    unknown: str | Promise
    order: int


@dataclass(frozen=True)
class Answerer:
    """`answer(subject, user)` gives pieces by question key, from rows that `user` may see and fields that
    their role does not hide; questions it knows nothing about are left out."""

    key: str
    answer: Callable[[Any, Any], Mapping[str, Piece]]
    order: int = 100


@dataclass(frozen=True)
class Answer:
    """A question with all that is known."""

    question: Question
    pieces: tuple[Piece, ...]

    @property
    def known(self) -> bool:
        return bool(self.pieces)

    @property
    def sentences(self) -> list[str]:
        """All of them; the full stop of a name that ends one (“Nowak z o.o.”) is the sentence's as well."""
        said = [text for piece in self.pieces for text in piece.sentences]
        return [text[:-1] if text.endswith("..") and not text.endswith("...") else text for text in said]

    @property
    def rows(self) -> list[Rows]:
        return [rows for piece in self.pieces for rows in piece.rows if rows.address]

    @property
    def charts(self) -> list[SafeString]:
        return [piece.chart() for piece in self.pieces if piece.chart is not None]

    @property
    def facts(self) -> dict[str, Any]:
        return {key: value for piece in self.pieces for key, value in piece.facts.items()}


_questions: dict[str, Question] = {}
_answerers: dict[str, Answerer] = {}


def register_questions(*questions: Question) -> None:
    for question in questions:
        _questions[question.key] = question


def register(answerer: Answerer) -> None:
    _answerers[answerer.key] = answerer


def questions() -> list[Question]:
    return sorted(_questions.values(), key=lambda question: question.order)


def answers(subject: Any, user: Any) -> list[Answer]:
    """Every question with what the answerers know; rows whose list would need a filter that is hidden from `user`
    are left out. Raises KeyError for an answer to no registered question."""
    pieces: dict[str, list[Piece]] = defaultdict(list)
    hidden = cache(partial(hidden_criteria, user=user))
    for answerer in sorted(_answerers.values(), key=lambda one: one.order):
        for key, piece in answerer.answer(subject, user).items():
            pieces[_questions[key].key].append(_with_open_links(piece, hidden))
    return [Answer(question, tuple(pieces[question.key])) for question in questions()]


def _with_open_links(piece: Piece, hidden: Callable[[str], set[str]]) -> Piece:
    rows = [
        one for one in piece.rows if one.link is None or not one.link.asks_by & hidden(one.link.record_type)
    ]
    return piece if len(rows) == len(piece.rows) else replace(piece, rows=rows)
