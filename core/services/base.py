"""The shape of every write: keyword-only, with an actor, atomic, recorded under who and why."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Model, Q
from django.utils.translation import gettext as _

from core.custom_fields.saving import for_change
from core.enums import Action
from core.history.context import acting, current
from core.scope.access import profile_for

P = ParamSpec("P")
R = TypeVar("R")

SYSTEM = None
"""The actor of work that no person started."""


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a write: runs in a transaction, recorded in the history under its `actor`.

    The cause is the enclosing one (a page, an API token, a job); without one it is `service`.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if args:
            raise TypeError(f"{function.__name__}() takes keyword arguments only")
        if "actor" not in kwargs:
            raise TypeError(f"{function.__name__}() needs an actor (a User, or SYSTEM)")
        before = current()
        cause = None if before and before.cause else "service"
        actor = kwargs["actor"]
        if actor is None and before is not None:
            actor = before.actor_id  # work on somebody's behalf keeps their name in the history
        with transaction.atomic(), acting(actor, cause=cause):
            return function(*args, **kwargs)

    return wrapper


class StaleRecord(Exception):
    """Somebody saved the record since it was read. `record` is how it is now."""

    def __init__(self, record: Model) -> None:
        self.record = record
        super().__init__(_("Somebody else has changed this record since you opened it."))


def state_of(row: Any) -> int | None:
    """Which state of a row this is: its version; of a row without one the moment it was last written, in
    microseconds. None for what was never saved."""
    if row.pk is None:
        return None
    if hasattr(row, "version"):
        return int(row.version)
    written = getattr(row, "updated_at", None)
    return int(written.timestamp() * 1_000_000) if written is not None else None


def hold_state(row: Any, expected: int | None) -> None:
    """Lock a row for the rest of the transaction, hold it against the state that was read (None: not asked), and
    bring its fields up to date, so that whoever changes one of them puts none of the others back. Raises
    StaleRecord when somebody was faster, ValidationError when it is gone."""
    now = row.__class__._base_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if now is None:
        raise ValidationError(_("Somebody else has removed this meanwhile."))
    if expected is not None and state_of(now) != expected:
        raise StaleRecord(now)
    for field in row._meta.concrete_fields:
        setattr(row, field.attname, getattr(now, field.attname))


class NotAllowed(PermissionDenied):
    """The person lacks the capability, or the record is out of the scope of the action."""


def require(actor: Any, record_type: str, action: Action) -> None:
    """Demand the capability; the system (None) may do everything. Raises NotAllowed."""
    if actor is not None and not profile_for(actor).allows(record_type, action):
        raise NotAllowed(_("Your role does not allow this."))


def require_on(actor: Any, record: Model, action: Action) -> None:
    """Demand `action` on this very record. Raises NotAllowed."""
    if actor is None:
        return
    manager: Any = getattr(type(record), "all_objects", type(record)._default_manager)
    if not manager.visible_to(actor, action).filter(pk=record.pk).exists():
        raise NotAllowed(_("Your role does not allow this for this record."))


def require_capability(actor: Any, name: str) -> None:
    """Demand what no record type can say (`core.registries.grants`). Raises NotAllowed."""
    if actor is not None and not profile_for(actor).can(name):
        raise NotAllowed(_("Your role does not allow this."))


def require_field(actor: Any, record_type: str, field: str) -> None:
    """Demand that the role neither hides the field nor protects it from writing. Raises NotAllowed."""
    if actor is None:
        return
    profile = profile_for(actor)
    if field in profile.hidden_fields(record_type) | profile.read_only_fields(record_type):
        raise NotAllowed(_("Your role does not allow this."))


def save_changes(
    record: Any, changes: dict[str, Any], *, expected_version: int | None = None, with_parts: bool = False
) -> list[str]:
    """Set `changes` on a Record, validate and save them under optimistic locking. `custom` holds the custom
    values to change, by key; the others stay. `with_parts` says that the caller changes what hangs on the
    record (its tags, its addresses): the version moves on even where no field does.

    Returns the names of the fields that really changed (an empty list writes nothing). Raises
    `ValidationError` by field, and `StaleRecord` when the row's version is not the expected one.
    """
    changes = for_change(record, changes)
    changed = [name for name, value in changes.items() if getattr(record, name) != value]
    if expected_version is not None and expected_version != record.version:
        raise StaleRecord(record)
    if not changed and not with_parts:
        return []
    for name in changed:
        setattr(record, name, changes[name])
    exclude = {field.name for field in record._meta.fields} - set(changed)
    if changed:
        record.full_clean(exclude=exclude, validate_constraints=False)
        _check_constraints(record, set(changed))
    version = record.version
    if not type(record)._base_manager.filter(pk=record.pk, version=version).update(version=F("version") + 1):
        raise StaleRecord(type(record)._base_manager.get(pk=record.pk))
    record.version = version + 1
    record.save(update_fields=[*changed, "updated_at"])
    if changed:
        _tell_followed(record, changed)
    return changed


def _tell_followed(record: Any, changed: list[str]) -> None:
    """Publish the change of a record that somebody follows."""
    from core.events import RecordChanged, publish
    from core.models import Favourite

    followed = Favourite.objects.filter(
        record_type=getattr(record, "record_type", ""), object_id=record.pk, following=True
    )
    if followed.exists():
        publish(
            RecordChanged(
                record_type=record.record_type,
                object_id=record.pk,
                fields=list(changed),
                version=record.version,
            )
        )


def _check_constraints(record: Any, changed: set[str]) -> None:
    """Validate the constraints that a changed field takes part in, with all their fields: Django leaves out
    a constraint when any field of it is excluded. Raises ValidationError by field."""
    errors: dict[str, Any] = {}
    for constraint in record._meta.constraints:
        if not _fields_of(constraint) & changed:
            continue
        try:
            constraint.validate(type(record), record)
        except ValidationError as error:
            named = [name for name in getattr(constraint, "fields", ()) if name in changed]
            field = named[0] if len(named) == 1 else NON_FIELD_ERRORS
            errors.setdefault(field, []).extend(error.error_list)
    if errors:
        raise ValidationError(errors)


def _fields_of(constraint: Any) -> set[str]:
    names = set(getattr(constraint, "fields", ()))
    conditions = [getattr(constraint, "condition", None), *getattr(constraint, "expressions", ())]
    for condition in conditions:
        if condition is None:
            continue
        if isinstance(condition, Q):
            names |= {str(name).split("__")[0] for name in condition.referenced_base_fields}
        else:
            names |= {getattr(part, "name", "") for part in condition.flatten() if isinstance(part, F)}
    return names


def default_team(owner: Any) -> Any:
    """The team a record falls to when only its owner is known."""
    return owner.team if owner is not None else None
