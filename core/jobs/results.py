"""What a job came to, in words: each figure of its result with a label, in an order to be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.enums import CustomIndexState


def figure(value: Any) -> str:
    """A number with grouped thousands in the reader's way; words as they are."""
    if isinstance(value, int | float):
        return str(formats.number_format(value, use_l10n=True, force_grouping=True))
    return str(value)


def day(value: Any) -> str:
    """A day in ISO letters as people write it; anything else as it is."""
    try:
        return str(formats.date_format(date.fromisoformat(str(value)), "DATE_FORMAT"))
    except ValueError:
        return str(value)


@dataclass(frozen=True)
class Word:
    """The label of a figure of a result. `show(value)` writes the value; None keeps it off the page (it leads
    somewhere, or says nothing to a person)."""

    key: str
    label: str | Promise = ""
    show: Callable[[Any], str] | None = figure


_words: dict[str, dict[str, Word]] = {}


def register(kind: str, *words: Word) -> None:
    """The words of a kind of jobs in the order to be read; those of the kind `""` are every kind's."""
    _words.setdefault(kind, {}).update((word.key, word) for word in words)


def described(kind: str, result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, value) of a result's figures in the reader's language. Those without a word of their own come last, by
    their key; values that are no figures and no words (lists, tables) are left out, and so is what is empty."""
    known = {**_words.get("", {}), **_words.get(kind, {})}
    order = list(dict.fromkeys([*_words.get(kind, {}), *_words.get("", {}), *result]))
    lines = []
    for key in order:
        value = result.get(key)
        if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
            continue
        word = known.get(key) or Word(key, key.replace("_", " ").capitalize())
        if word.show is not None:
            lines.append((str(word.label), word.show(value)))
    return lines


def summary(kind: str, result: Mapping[str, Any], most: int = 3) -> str:
    """The first figures that are not nothing, as part of a sentence: “Created: 12, Failed: 3”."""
    lines = [(label, value) for label, value in described(kind, result) if value != figure(0)]
    return ", ".join(f"{label}: {value}" for label, value in lines[:most])


register(
    "",
    Word("rows", _("Rows")),
    Word("created", _("Created")),
    Word("updated", _("Updated")),
    Word("changed", _("Changed")),
    Word("skipped", _("Skipped")),
    Word("failed", _("Failed")),
    Word("noted", _("With a note")),
    Word("review", _("To be decided")),
    Word("matched", _("Found")),
    Word("done", _("Dealt with")),
    Word("merged", _("Merged")),
    Word("undone", _("Undone")),
    Word("deleted", _("Deleted")),
    Word("restored", _("Restored")),
    Word("kept", _("Left alone")),
    Word("parts", show=None),
    Word("held", _("Kept by a legal hold")),
    Word("file", show=None),
    Word("error_file", show=None),
    Word("failure", show=None),
)
register(
    "core.custom_index",
    Word("state", _("Index"), show=lambda state: str(dict(CustomIndexState.choices).get(state, state))),
)
