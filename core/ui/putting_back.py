"""What of a change in the history can get its old value again, and giving it back by the record's services."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction

from core.custom_fields.names import PREFIX, is_custom, key_of
from core.history.selectors import Entry, FieldChange
from core.registries import editing
from core.registries.editing import Step
from core.scope.access import profile_for
from core.ui.linked_records import LinkedRecords, links_of, visible
from core.ui.records import may_edit

CUSTOM_COLUMN = "custom."


@dataclass(frozen=True)
class OldValues:
    """The values before a change that can be there again: `plain` by field name, `steps` those that move by a
    service of their own. `why_not` tells of steps that can't be taken; `before` is all that the change replaced and
    that the person may write."""

    plain: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[tuple[Step, Any], ...] = ()
    why_not: tuple[str, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    step_names: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.plain, *(step.field for step, _value in self.steps))

    def only(self, name: str) -> "OldValues":
        """Those of one field; all of them for an empty name."""
        if not name:
            return self
        plain = {key: value for key, value in self.plain.items() if key == name}
        return replace(self, plain=plain, steps=tuple(one for one in self.steps if one[0].field == name))


NOTHING = OldValues()


def before_in(record: Any, entries: Iterable[Entry], user: Any) -> LinkedRecords:
    """The records that the changes pointed at before, as far as `user` sees them, fetched together."""
    return visible(user).load((model, change.before) for _column, model, change in links_of(record, entries))


def old_values(record: Any, entry: Entry, user: Any, linked: LinkedRecords | None = None) -> OldValues:
    """The values before a change of those fields that `user` may write, that are another one now and that
    still exist: a company that is gone or out of sight can't be put back. `linked` is what `before_in` has
    fetched for several changes."""
    linked = linked if linked is not None else visible(user)
    if entry.op != "U":
        return NOTHING
    profile, by_column = profile_for(user), {one.column: one for one in record._meta.concrete_fields}
    before: dict[str, Any] = {}
    for change in entry.fields:
        found = by_column.get(change.field)
        custom = change.field.startswith(CUSTOM_COLUMN)
        name = f"{PREFIX}{change.field.removeprefix(CUSTOM_COLUMN)}" if custom else getattr(found, "name", "")
        try:
            value = change.before if custom else _python(found, change, linked) if found is not None else None
        except (ObjectDoesNotExist, ValidationError):
            continue
        if name and value != (record.custom.get(key_of(name)) if custom else getattr(record, name)):
            before[name] = value
    shut = profile.hidden_fields(record.record_type) | profile.read_only_fields(record.record_type)
    columns = {by_column[change.field].name for change in entry.fields if change.field in by_column}
    moved = [step for step in editing.steps_of(record.record_type) if step.field in columns]
    taken = {name for step in moved for name in (step.field, *step.with_it)}
    plain = {
        name: value
        for name, value in before.items()
        if name not in taken and may_edit(record.record_type, name, profile)
    }
    wanted = [(step, before[step.field]) for step in moved if step.field in before and step.field not in shut]
    refused = [(step, step.why_not(record, value)) for step, value in wanted]
    blocked = {step.field for step, why in refused if why}
    return OldValues(
        plain,
        tuple((step, value) for step, value in wanted if step.field not in blocked),
        tuple(why for _step, why in refused if why),
        {name: value for name, value in before.items() if name not in shut},
        frozenset(step.field for step in moved),
    )


def put_back(actor: Any, record: Any, old: OldValues, expected_version: int | None) -> None:
    """Give the values back, all or none. Raises ValidationError, StaleRecord, NotAllowed."""
    editor = editing.get(record.record_type)
    with transaction.atomic():
        if old.plain and editor is not None:
            record = editor.update(
                actor=actor, record=record, values=_gathered(old.plain), expected_version=expected_version
            )
            expected_version = None
        for step, value in old.steps:
            record = step.put_back(
                actor=actor, record=record, value=value, before=old.before, expected_version=expected_version
            )
            expected_version = None


def _gathered(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a service gets: custom values by key under `custom`."""
    plain = {name: value for name, value in values.items() if not is_custom(name)}
    custom = {key_of(name): value for name, value in values.items() if is_custom(name)}
    return {**plain, "custom": custom} if custom else plain


def _python(column: Any, change: FieldChange, linked: LinkedRecords) -> Any:
    """The value of a column as Python has it; a link as the record. Raises ObjectDoesNotExist for one that is gone
    or not to be seen."""
    if not column.is_relation or change.before is None:
        return "" if change.before is None and not column.null else column.to_python(change.before)
    found = linked.get(column.related_model, change.before)
    if found is None:
        raise ObjectDoesNotExist
    return found
