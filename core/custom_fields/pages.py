"""Custom fields on a record's page: a group for each section, every line edited in place."""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from core.custom_fields import words
from core.custom_fields.cache import definitions_for, visible_definitions
from core.custom_fields.definition import Definition
from core.custom_fields.names import is_custom, key_of
from core.scope.access import profile_for
from core.ui.records import Field, FieldGroup


def groups_for(record_type: str, user: Any) -> list[FieldGroup]:
    """The sections with the fields that the person may see."""
    sections: dict[str, list[Field]] = {}
    for one in visible_definitions(record_type, profile_for(user)).values():
        sections.setdefault(one.section or _("Custom fields"), []).append(_field(one, user))
    return [FieldGroup(label, tuple(fields)) for label, fields in sections.items()]


def field_named(record_type: str, name: str, user: Any) -> Field | None:
    """One of them, by its name; None for the record's own fields."""
    if not is_custom(name):
        return None
    one = visible_definitions(record_type, profile_for(user)).get(key_of(name))
    return _field(one, user) if one is not None else None


def is_editable(record_type: str, name: str) -> bool:
    """Whether a custom field is written by people at all."""
    one = definitions_for(record_type).get(key_of(name))
    return one is not None and one.is_written


def _field(one: Definition, user: Any) -> Field:
    return Field(one.name, one.label, partial(_value, one, user), editable=one.is_written)


def _value(one: Definition, user: Any, record: Any) -> Any:
    return words.line(one, record, user)
