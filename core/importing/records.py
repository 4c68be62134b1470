"""The usual target: one line makes or changes one record of one model."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.custom_fields.import_diff import custom_changes
from core.custom_fields.importing import COLUMN as CUSTOM_COLUMN
from core.custom_fields.importing import fill_custom
from core.enums import AccessLevel, Action, ImportRowFate
from core.expressions import Among
from core.importing.bulk import copy_rows, next_ids, update_rows
from core.importing.problems import Problem
from core.importing.rows import Change, ImportContext, Mode, Row
from core.importing.rules import Rules, same
from core.importing.targets import Applied, ImportTarget
from core.models import Record, User
from core.registries.imports import field_sources, matchers


class RecordTarget(ImportTarget):
    """Base of targets over a `Record` model.

    A subclass says by `keys()` what a row is known by, by `find()` which records have those keys already,
    and by `columns_of()` which columns a row fills. Cells left blank never empty a field that has a value.
    Of rows with the same key within a chunk the first is written first, the others then change it.
    """

    model: ClassVar[type[Record]]
    defaults: ClassVar[Mapping[str, Any]] = {}

    def keys(self, row: Row) -> list[Hashable]:
        """What the row is known by, the surest first."""
        raise TypeError(f"{type(self).__name__} does not say what its rows are known by")

    def find(self, context: ImportContext, keys: Sequence[Hashable]) -> Mapping[Hashable, int]:
        """The ids of the records that have the keys; of several the oldest."""
        raise TypeError(f"{type(self).__name__} does not say how it finds records")

    def columns_of(self, context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
        """The columns that the row fills (`company_id`, not `company`); `current` are the record's values
        before, empty for a new one."""
        raise TypeError(f"{type(self).__name__} does not say what its rows fill")

    def check(self, context: ImportContext, row: Row) -> None:
        """Fail the row if its values can't stand together."""

    def after(
        self, context: ImportContext, applied: Applied, before: Mapping[int, Mapping[str, Any]]
    ) -> None:
        """Write what hangs on the records: lines, addresses, the timeline. `before` holds the columns of the
        updated ones as they were."""

    def once(self, row: Row) -> list[Hashable]:
        """What may stand in a pass once: rows that could mean the same record are written one after the
        other, so that the outcome does not depend on where chunks end."""
        return self.keys(row)

    def apply(self, context: ImportContext, rows: list[Row]) -> None:
        waiting = [row for row in rows if row.fate is None]
        for row in waiting:
            self.check(context, row)
        waiting = [row for row in waiting if row.fate is None]
        while waiting:
            wave, waiting = self._first_of_each(waiting)
            waiting = self._apply_wave(context, wave) + waiting

    def _first_of_each(self, rows: list[Row]) -> tuple[list[Row], list[Row]]:
        taken: set[Hashable] = set()
        wave: list[Row] = []
        rest: list[Row] = []
        for row in rows:
            keys = self.once(row) if row.object_id is None else [("id", row.object_id)]
            (rest if taken.intersection(keys) else wave).append(row)
            taken.update(keys)
        return wave, rest

    def _apply_wave(self, context: ImportContext, rows: list[Row]) -> list[Row]:
        """Write the rows; returns those that mean a record which another one of them has changed already."""
        self._match(context, [row for row in rows if row.object_id is None])
        rows, again = _first_of_each_record(rows)
        old = self._changeable(context, [row for row in rows if row.object_id is not None])
        new = self._addable(context, [row for row in rows if row.object_id is None and row.fate is None])
        old = fill_custom(context, self.record_type, old, creating=False)
        new = fill_custom(context, self.record_type, new, creating=True)
        applied = Applied()
        before = self._update(context, old, applied)
        self._insert(context, new, applied)
        for row, fate in (
            *((row, ImportRowFate.CREATED) for row, _id in applied.created),
            *((row, ImportRowFate.UPDATED) for row, _id in applied.updated),
            *((row, ImportRowFate.SKIPPED) for row, _id in applied.same),
        ):
            row.fate = fate
        self.after(context, applied, before)
        return again

    def _match(self, context: ImportContext, rows: list[Row]) -> None:
        """Give rows the records that they mean: by their keys, else as registered matchers are sure. What the
        person may not see is not there for them."""
        keyed = [(row, self.keys(row)) for row in rows]
        known = self.find(context, [key for _row, keys in keyed for key in keys])
        for row, keys in keyed:
            row.object_id = next((known[key] for key in keys if key in known), None)
        for matcher in matchers(self.key):
            unknown = [row for row in rows if row.object_id is None]
            sure = matcher(context, unknown) if unknown else {}
            for row in unknown:
                row.object_id = sure.get(row.line)
        self._unsee(context, rows)

    def _unsee(self, context: ImportContext, rows: list[Row]) -> None:
        profile = context.profile
        if profile is None or profile.level(self.record_type, Action.VIEW) == AccessLevel.ALL:
            return
        ids = {row.object_id for row in rows if row.object_id is not None}
        scoped: QuerySet[Any] = self.model.all_objects.visible_to(context.actor, Action.VIEW)
        seen = set(scoped.filter(Among("pk", ids)).values_list("pk", flat=True))
        for row in rows:
            if row.object_id not in seen:
                row.object_id = None

    def _insert(self, context: ImportContext, rows: list[Row], applied: Applied) -> None:
        if context.mode == Mode.UPDATE:
            for row in rows:
                row.fate = ImportRowFate.SKIPPED
                row.problems.append(
                    Problem("mode", _("nothing like it is here; only what is here is updated."))
                )
            return
        if not rows:
            return
        now = timezone.now()
        blank = _blank_columns(self.model)
        records = [self._new(context, row, now, blank) for row in rows]
        columns = sorted(set().union(*records))
        ids = next_ids(self.model, len(rows))
        copy_rows(
            self.model,
            ["id", *columns],
            (
                [pk, *(record.get(name, blank.get(name)) for name in columns)]
                for pk, record in zip(ids, records, strict=True)
            ),
        )
        for row, pk in zip(rows, ids, strict=True):
            row.object_id = pk
            applied.created.append((row, pk))

    def _new(
        self, context: ImportContext, row: Row, now: datetime, blank: Mapping[str, Any]
    ) -> dict[str, Any]:
        values = {**blank, **self.defaults, "created_at": now, "updated_at": now}
        values.update(self._filled(context, row, {}))
        if "owner" in row.values:
            values.update(owner_id=row.values["owner"], team_id=self._team_of(context, row.values["owner"]))
        else:
            values.update(owner_id=context.owner_id, team_id=context.owner_team_id)
        return values

    def _update(self, context: ImportContext, rows: list[Row], applied: Applied) -> dict[int, dict[str, Any]]:
        """Change what differs; returns the columns of the changed records as they were."""
        if context.mode == Mode.CREATE:
            for row in rows:
                row.fate = ImportRowFate.SKIPPED
                row.problems.append(Problem("mode", _("it is here already; only new ones are created.")))
            return {}
        if not rows:
            return {}
        ids = [row.object_id for row in rows if row.object_id is not None]
        names = [field.attname for field in self.model._meta.concrete_fields]
        state = {
            values["id"]: values
            for values in self.model._base_manager.filter(Among("pk", ids)).values(*names)
        }
        changes: dict[int, dict[str, Any]] = {}
        rules = Rules(context, self, rows, state)
        for row in rows:
            current = state[row.object_id or 0]
            rules.obey(row, current)
            wanted = self._filled(context, row, current)
            if "owner" in row.values:
                wanted.update(
                    owner_id=row.values["owner"], team_id=self._team_of(context, row.values["owner"])
                )
            changed = {name: value for name, value in wanted.items() if not same(current[name], value)}
            if changed:
                changes[row.object_id or 0] = changed
                if context.dry_run:
                    row.changes += [
                        Change(name, current[name], value)
                        for name, value in changed.items()
                        if name != CUSTOM_COLUMN
                    ]
        if context.dry_run:
            self._tell_custom(context, rows, state, changes)
        columns = sorted(set().union(*changes.values())) if changes else []
        update_rows(
            self.model,
            columns,
            [
                [pk, *(change.get(name, state[pk][name]) for name in columns)]
                for pk, change in changes.items()
            ],
        )
        for row in rows:
            pk = row.object_id or 0
            (applied.updated if pk in changes else applied.same).append((row, pk))
        return {pk: state[pk] for pk in changes}

    def _tell_custom(
        self,
        context: ImportContext,
        rows: Sequence[Row],
        state: Mapping[int, Mapping[str, Any]],
        changes: Mapping[int, Mapping[str, Any]],
    ) -> None:
        """A trial names each custom field that changes, not the column that holds them all."""
        moved = [row for row in rows if CUSTOM_COLUMN in changes.get(row.object_id or 0, {})]
        pairs = [
            (state[pk][CUSTOM_COLUMN], changes[pk][CUSTOM_COLUMN]) for row in moved if (pk := row.object_id)
        ]
        for row, told in zip(moved, custom_changes(context, self.record_type, pairs), strict=True):
            row.changes += told

    def _filled(self, context: ImportContext, row: Row, current: Mapping[str, Any]) -> dict[str, Any]:
        columns = self.columns_of(context, row, current)
        for source in field_sources(self.key):
            columns.update(source.columns(context, row, current))
        return columns

    def column_of(self, key: str) -> str:
        """The model's column that a field fills; empty for one that fills none directly."""
        names = {field.name: field.attname for field in self.model._meta.concrete_fields}
        return names.get(key, "")

    def _changeable(self, context: ImportContext, rows: list[Row]) -> list[Row]:
        """The rows whose record the person may change; the others fail."""
        if context.actor is None or not rows:
            return rows
        ids = [row.object_id for row in rows if row.object_id is not None]
        scoped: QuerySet[Any] = self.model.all_objects.visible_to(context.actor, Action.CHANGE)
        allowed = set(scoped.filter(Among("pk", ids)).values_list("pk", flat=True))
        for row in rows:
            if row.object_id not in allowed:
                row.object_id = None
                row.fail(Problem("scope", _("this record exists and is not yours to change.")))
        return [row for row in rows if row.fate is None]

    def _addable(self, context: ImportContext, rows: list[Row]) -> list[Row]:
        """The rows that the person may add, with the owner they name."""
        profile = context.profile
        level = AccessLevel.ALL if profile is None else profile.level(self.record_type, Action.ADD)
        if profile is None or level == AccessLevel.ALL:
            return rows
        for row in rows:
            owner = row.values.get("owner", context.owner_id)
            mine = owner == profile.user_id
            in_team = level == AccessLevel.TEAM and self._team_of(context, owner) in profile.team_ids
            if not (mine or in_team):
                row.fail(Problem("scope", _("your role does not allow adding records for this owner.")))
        return [row for row in rows if row.fate is None]

    def _team_of(self, context: ImportContext, owner_id: int | None) -> int | None:
        teams: dict[int, int | None] = context.memory.setdefault("teams", {})
        if owner_id is None:
            return None
        if owner_id not in teams:
            teams.update(User.objects.values_list("pk", "team_id"))
        return teams.get(owner_id)


def _first_of_each_record(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    seen: set[int] = set()
    first: list[Row] = []
    again: list[Row] = []
    for row in rows:
        (again if row.object_id in seen else first).append(row)
        if row.object_id is not None:
            seen.add(row.object_id)
    return first, again


def _blank_columns(model: type[Record]) -> dict[str, Any]:
    """Every column that a new row may not leave NULL, with the model's own default or an empty text."""
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.primary_key or field.attname in ("created_at", "updated_at"):
            continue
        if field.has_default():
            values[field.attname] = field.get_default()
        elif not field.null and field.empty_strings_allowed:
            values[field.attname] = ""
        elif getattr(field, "auto_now_add", False):
            values[field.attname] = timezone.now()
    return values
