"""Fields that a role hides, taken off records before anything shows them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field

from core.custom_fields.names import is_custom, key_of
from core.scope.access import profile_for


def conceal(record: Any, user: Any) -> Any:
    """`record` without the values that its type hides from `user`: for showing, never for saving.

    Templates and titles then need not ask field by field. Loads nothing; what was not loaded is not concealed.
    """
    for name in profile_for(user).hidden_fields(record.record_type):
        if is_custom(name) and isinstance(record.__dict__.get("custom"), dict):
            record.__dict__["custom"] = {k: v for k, v in record.custom.items() if k != key_of(name)}
            continue
        try:
            field = record._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if isinstance(field, Field) and not field.many_to_many and field.attname in record.__dict__:
            _empty(record, field)
    return record


def conceal_all(records: Iterable[Any], user: Any) -> list[Any]:
    """`conceal` for each; None stays None."""
    return [record if record is None else conceal(record, user) for record in records]


def _empty(record: Any, field: "Field[Any, Any]") -> None:
    if field.is_relation:
        record._state.fields_cache[field.name] = None
        record.__dict__[field.attname] = None
    else:
        record.__dict__[field.attname] = "" if field.empty_strings_allowed and not field.null else None
