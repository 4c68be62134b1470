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


_editors: dict[str, Editor] = {}


def register(editor: Editor) -> None:
    _editors[editor.record_type] = editor


def get(record_type: str) -> Editor | None:
    return _editors.get(record_type)
