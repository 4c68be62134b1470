"""What can be wrong with a file, a line or a cell, in words for the person who brought it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.reasons import Explained


class FileProblem(Explained):
    """The file as a whole can't be imported; the words say why and what to do."""


@dataclass(slots=True)
class Suggestion:
    """A value that a word of the file may have meant. `value` is what is stored, `label` what is shown."""

    value: Any
    label: str


@dataclass(slots=True)
class Problem:
    """One thing about one line. `code` is `near` or `unknown` for words that wait for a person's decision
    (the row is kept, without them), anything else for what made the row fail or was worth a note."""

    code: str
    message: str
    field: str = ""
    column: str = ""
    text: str = ""
    suggestions: Sequence[Suggestion] = ()

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in ("", (), [])}


UNDECIDED = ("near", "unknown")
