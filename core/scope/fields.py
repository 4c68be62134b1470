"""What somebody must not see of a record that they may see, taken off it before anything shows it: the fields
that their role hides, and the records it points at that are out of their scope."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model

from core.custom_fields.names import is_custom, key_of
from core.enums import Action
from core.scope.access import AccessProfile, profile_for
from core.scope.rules import OwnerScope


def conceal(record: Any, user: Any) -> Any:
    """`record` without the values that its type hides from `user`, and without the records it points at that
    they may not see: for showing, never for saving.

    Templates and titles then need not ask field by field. Loads nothing; what was not loaded is not concealed, and
    a link that no record can be without (a deal's stage) stays: whatever shows it asks for it by name.
    """
    conceal_links([record], user)
    for name in profile_for(user).hidden_fields(record.record_type):
        if is_custom(name) and isinstance(record.__dict__.get("custom"), dict):
            record.__dict__["custom"] = {k: v for k, v in record.custom.items() if k != key_of(name)}
            continue
        try:
            field = record._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if isinstance(field, Field) and field.many_to_many:
            kept = record.__dict__.setdefault("_prefetched_objects_cache", {})
            model: Any = field.related_model
            kept[name] = model._default_manager.none()
        elif isinstance(field, Field) and field.attname in record.__dict__:
            _empty(record, field)
    return record


def conceal_all(records: Iterable[Any], user: Any) -> list[Any]:
    """`conceal` for each; None stays None."""
    return [record if record is None else conceal(record, user) for record in records]


def conceal_links(rows: Iterable[Any], user: Any) -> None:
    """Take off each row the loaded records it points at, and those that these point at, which are out of the
    scope of `user`: whoever may see a deal does not learn by it of a company that they may not see. Asks the
    database nothing; None is the system."""
    if user is None:
        return
    profile = profile_for(user)
    if not profile.everything:
        for row in rows:
            _unlink(row, profile, 2)


def _unlink(row: Any, profile: AccessProfile, depth: int) -> None:
    loaded: dict[str, Any] = row._state.fields_cache
    for name, other in list(loaded.items()):
        if not isinstance(other, Model):
            continue
        if is_in_sight(other, profile):
            if depth > 1:
                _unlink(other, profile, depth - 1)
            continue
        loaded[name] = None
        key = getattr(row._meta.get_field(name), "attname", "")  # the other end of a one-to-one link has none
        if key in row.__dict__:
            row.__dict__[key] = None


def is_in_sight(other: Model, profile: AccessProfile) -> bool:
    """Whether a linked record may be told of. Records without an owner (stages, people of the CRM) may."""
    scope = getattr(other, "scope", None)
    return scope.__class__ is not OwnerScope or bool(scope.covers(other, profile, Action.VIEW))


def _empty(record: Any, field: "Field[Any, Any]") -> None:
    if field.is_relation and not field.null:
        return
    if field.is_relation:
        record._state.fields_cache[field.name] = None
        record.__dict__[field.attname] = None
    else:
        record.__dict__[field.attname] = "" if field.empty_strings_allowed and not field.null else None
