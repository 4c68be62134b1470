"""How records of a type are edited: the form and the service, for fields in place and for bulk changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Editor:
    """`form()` returns the RecordForm class (a callable, so that nothing is imported early);
    `update(actor=, record=, values=, expected_version=)` writes by the app's service and returns the record.
    `fields` limits what may be edited in place; empty means every field of the form."""

    record_type: str
    form: Callable[[], type[Any]]
    update: Callable[..., Any]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A field that moves by a service of its own: a deal's stage, a ticket's status.

    `put_back(actor=, record=, value=, before=, expected_version=)` moves it to a value of the history by that
    service; `before` are the values that the same change replaced and that the person may write, by field name.
    `why_not(record, value)` says why it can't go there, in words for the page; empty: it can. `with_it` are the
    fields that the move sets itself: they never go back without it.
    """

    record_type: str
    field: str
    put_back: Callable[..., Any]
    why_not: Callable[[Any, Any], str]
    with_it: frozenset[str] = frozenset()


_editors: dict[str, Editor] = {}
_steps: dict[str, list[Step]] = {}


def register(editor: Editor) -> None:
    _editors[editor.record_type] = editor


def register_step(step: Step) -> None:
    _steps.setdefault(step.record_type, []).append(step)


def steps_of(record_type: str) -> list[Step]:
    return list(_steps.get(record_type, ()))


def get(record_type: str) -> Editor | None:
    return _editors.get(record_type)
