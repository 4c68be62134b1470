"""Why something could not be done, told to each reader in their own language.

A worker fails in the system's language and people read it in theirs: an error keeps its words as they stand in the
code, apart from the values that belong into them, and becomes a sentence when it is read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext

Words = str | Promise


@dataclass(frozen=True)
class Reason:
    """Words of the code, as the catalogue knows them, and the values of their placeholders: data, words of the code
    again, reasons of their own, or several."""

    words: Words
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        text = gettext(str(self.words)) if str(self.words) else ""
        return text % {name: _told(value) for name, value in self.values.items()} if self.values else text

    def as_json(self) -> dict[str, Any]:
        with translation.override(None):  # the text as it stands in the code
            words = str(self.words)
        return {"words": words, "values": {name: _kept(value) for name, value in self.values.items()}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Reason":
        return cls(data["words"], {name: _read(value) for name, value in data["values"].items()})


class Explained(Exception):
    """An error that people are told: `Explained(_("Line %(line)s is too long."), line=12)`. Its `str` is the sentence
    in the language that is set when it is asked for. Given a ValidationError or another Explained it says the same."""

    def __init__(self, words: "Words | Reason | ValidationError | Explained" = "", **values: Any) -> None:
        super().__init__(words)
        self.reasons = reasons_of(Reason(words, values) if isinstance(words, Words) else words)

    def __str__(self) -> str:
        return " ".join(map(str, self.reasons))


def reasons_of(error: Reason | ValidationError | Explained) -> list[Reason]:
    """What an error says, sentence by sentence."""
    if isinstance(error, Reason):
        return [error]
    if isinstance(error, Explained):
        return error.reasons
    if hasattr(error, "error_dict"):
        return [one for errors in error.error_dict.values() for each in errors for one in reasons_of(each)]
    return [_reason(each) for each in error.error_list]


def _reason(error: ValidationError) -> Reason:
    if error.params and not str(error.message):  # a lazy plural has no words before it knows its number
        return Reason(str(error.message % error.params))
    return Reason(error.message, error.params or {})


def as_json(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [reason.as_json() for reason in reasons]


def told(kept: Iterable[Mapping[str, Any]]) -> str:
    """The sentences of `as_json`, in the language that is set now."""
    return " ".join(str(Reason.from_json(one)) for one in kept)


def _told(value: Any) -> Any:
    if isinstance(value, ValidationError):
        value = reasons_of(value)
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _kept(value: Any) -> Any:
    if isinstance(value, Promise):
        return Reason(value).as_json()
    if isinstance(value, Reason):
        return value.as_json()
    if isinstance(value, Explained | ValidationError):
        return as_json(reasons_of(value))
    if isinstance(value, list | tuple):
        return [_kept(one) for one in value]
    return value if isinstance(value, int | float) else str(value)


def _read(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Reason.from_json(value)
    return [_read(one) for one in value] if isinstance(value, list) else value
