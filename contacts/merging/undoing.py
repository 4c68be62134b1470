"""Taking a merge back: its steps replayed backwards, wherever nothing has changed since.

What has changed since is never overwritten: it stays as it is and is listed, and a person may say for each
field and each row written since to which of the records it belongs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Field, ForeignKey, Model

from contacts.merging import custom_links
from contacts.models import Company, Contact, MergeLog, MergeStep, TimelineEntry
from core.registries import records, relinkers

MOVE_BACK = """
UPDATE {table} SET {column} = %(before)s WHERE id = ANY(%(ids)s) AND {column} = %(after)s RETURNING id
"""
LOOK = """
SELECT k.name, to_jsonb(t) -> k.name IS NOT DISTINCT FROM s.after -> k.name
FROM contacts_mergestep s JOIN {table} t ON t.id = s.ids[1], jsonb_object_keys(s.before) k (name)
WHERE s.id = %(step)s
"""
LOOK_AT_KEYS = """
SELECT k.name, t.{column} -> k.name IS NOT DISTINCT FROM s.after -> '{column}' -> k.name
FROM contacts_mergestep s JOIN {table} t ON t.id = s.ids[1], LATERAL (
    SELECT jsonb_object_keys(s.before -> '{column}') UNION SELECT jsonb_object_keys(s.after -> '{column}')) k (name)
WHERE s.id = %(step)s AND s.before -> '{column}' -> k.name IS DISTINCT FROM s.after -> '{column}' -> k.name
"""
PUT_BACK = """
UPDATE {table} t SET {assignments} FROM contacts_mergestep s, jsonb_populate_record(NULL::{table}, s.before) r
WHERE s.id = %(step)s AND t.id = s.ids[1]
"""
PUT_KEYS_BACK = """
UPDATE {table} t SET {column} = (t.{column} - %(keys)s::text[]) || coalesce((
    SELECT jsonb_object_agg(k, s.before -> '{column}' -> k) FROM unnest(%(keys)s::text[]) k
    WHERE jsonb_exists(s.before -> '{column}', k)), '{{}}'::jsonb)
FROM contacts_mergestep s WHERE s.id = %(step)s AND t.id = s.ids[1]
"""
BRING_BACK = """
INSERT INTO {table} ({columns})
SELECT {picked} FROM contacts_mergestep s, jsonb_populate_record(NULL::{table}, s.before) r WHERE s.id = %(step)s
ON CONFLICT DO NOTHING
"""
TAKE_AWAY = """
DELETE FROM {table} t USING contacts_mergestep s
WHERE s.id = %(step)s AND t.id = s.ids[1] AND to_jsonb(t) - %(quiet)s::text[] = s.after - %(quiet)s::text[]
"""


@dataclass(frozen=True)
class Kept:
    """Something that stays as it is because it has changed since: `why` is `changed` (with the columns),
    `moved`, `gone` or `added`. No values: those are the record's own to show."""

    label: str
    ids: tuple[int, ...]
    why: str
    columns: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {"model": self.label, "ids": list(self.ids), "why": self.why, "columns": list(self.columns)}


@dataclass
class TakenBack:
    """What taking back did: rows restored, and what was kept."""

    rows: int = 0
    kept: list[Kept] = field(default_factory=list)

    def keep(self, label: str, ids: Iterable[int], why: str, columns: Iterable[str] = ()) -> None:
        found = tuple(ids)
        if found:
            self.kept.append(Kept(label, found, why, tuple(columns)))


def take_back(log: MergeLog) -> TakenBack:
    """Replay the steps of `log` backwards, in the caller's transaction."""
    outcome = TakenBack()
    replay = {"M": _move_back, "U": _change_back, "D": _bring_back, "I": _take_away}
    for step in log.steps.order_by("-pk"):
        replay[step.kind](step, apps.get_model(step.label), outcome)
    custom_links.told_anew(log)
    return outcome


def _move_back(step: MergeStep, model: type[Model], outcome: TakenBack) -> None:
    assert step.before is not None and step.after is not None  # a move keeps both
    (column,) = step.before
    try:
        with transaction.atomic():
            rows = _run(
                MOVE_BACK,
                model,
                column=column,
                before=step.before[column],
                after=step.after[column],
                ids=step.ids,
            )
    except IntegrityError:  # the place is taken by a row written since: this one stays where it is
        outcome.keep(step.label, step.ids, "moved")
        return
    moved = {pk for (pk,) in rows}
    outcome.rows += len(moved)
    outcome.keep(step.label, (pk for pk in step.ids if pk not in moved), "moved")


def _change_back(step: MergeStep, model: type[Model], outcome: TakenBack) -> None:
    by_key: tuple[str, ...] = getattr(model, "history_by_key", ())
    state = dict(_run(LOOK, model, step=step.pk))
    same = [name for name, unchanged in state.items() if unchanged and name not in by_key]
    other = [name for name, unchanged in state.items() if not unchanged and name not in by_key]
    if same:
        assignments = ", ".join(f'"{name}" = r."{name}"' for name in same)
        _run(PUT_BACK, model, step=step.pk, assignments=assignments)
    for column in (name for name in by_key if name in state):
        keys = dict(_run(LOOK_AT_KEYS, model, step=step.pk, column=column))
        back = [name for name, unchanged in keys.items() if unchanged]
        other += [f"{column}.{name}" for name, unchanged in keys.items() if not unchanged]
        if back:
            _run(PUT_KEYS_BACK, model, step=step.pk, column=column, keys=back)
    outcome.rows += bool(same)
    if other:
        outcome.keep(step.label, step.ids, "changed", other)
    if not state:
        outcome.keep(step.label, step.ids, "gone")


def _bring_back(step: MergeStep, model: type[Model], outcome: TakenBack) -> None:
    assert step.before is not None  # a removal keeps the row
    columns = [
        str(one.column)
        for one in model._meta.concrete_fields
        if one.column in step.before and not getattr(one, "generated", False)
    ]
    if not _parents_exist(step, model):
        outcome.keep(step.label, step.ids, "gone")
        return
    names = ", ".join(f'"{name}"' for name in columns)
    picked = ", ".join(f'r."{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            BRING_BACK.format(table=_table(model), columns=names, picked=picked), {"step": step.pk}
        )
        outcome.rows += cursor.rowcount
        if not cursor.rowcount:
            outcome.keep(step.label, step.ids, "added")


def _parents_exist(step: MergeStep, model: type[Model]) -> bool:
    """Whether all that a removed row points at is still there."""
    assert step.before is not None  # a removal keeps the row
    links = [one for one in model._meta.concrete_fields if isinstance(one, ForeignKey)]
    return all(
        step.before.get(one.column) is None
        or one.related_model._base_manager.filter(pk=step.before[one.column]).exists()
        for one in links
    )


def _take_away(step: MergeStep, model: type[Model], outcome: TakenBack) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            TAKE_AWAY.format(table=_table(model)), {"step": step.pk, "quiet": ["updated_at", "created_at"]}
        )
        outcome.rows += cursor.rowcount
        if not cursor.rowcount:
            outcome.keep(step.label, step.ids, "changed")


def settle_fields(log: MergeLog, model: Any, fields: Mapping[str, str]) -> None:
    """Carry out what somebody decided on fields of the survivor that were changed since: `before` puts the
    old value back, the id of another record gives it the new one as well; `now` leaves it."""
    for name, decision in fields.items():
        if decision == "now":
            continue
        if decision != "before":
            _give_value(model, name, log.survivor_id, int(decision))
        _force_back(log, model, name)


def _give_value(model: Any, name: str, source: int, target: int) -> None:
    column, _dot, key = name.partition(".")
    value = f"jsonb_set(t.{column}, ARRAY[%(key)s], o.{column} -> %(key)s)" if key else f'o."{column}"'
    _run(
        f'UPDATE {{table}} t SET "{column}" = {value} FROM {{table}} o WHERE t.id = %(t)s AND o.id = %(o)s',  # noqa: S608  (a column of the model)
        model,
        t=target,
        o=source,
        key=key,
    )


def _force_back(log: MergeLog, model: Any, name: str) -> None:
    column, _dot, key = name.partition(".")
    steps = log.steps.filter(label=model._meta.label, kind="U", ids=[log.survivor_id]).order_by("pk")
    step = next((one for one in steps if column in (one.before or ())), None)
    if step is None:
        return
    if key:
        _run(PUT_KEYS_BACK, model, step=step.pk, column=column, keys=[key])
    else:
        _run(PUT_BACK, model, step=step.pk, assignments=f'"{column}" = r."{column}"')


def give_rows(model: Any, survivor: int, rows: Mapping[tuple[str, int], int]) -> list[Kept]:
    """Hang rows written since (label and key) on other records, their lines of the timeline too; returns
    those that could not go."""
    refused = []
    for (label, pk), target in rows.items():
        row_model = apps.get_model(label)
        found = [one for one in relinkers.relinkers_of(model) if one.model is row_model]
        for relinker in found:
            link = relinker.model._meta.get_field(relinker.field)
            assert isinstance(link, Field)  # a column of the model's own table
            try:
                with transaction.atomic():
                    rows_ = row_model._base_manager.filter(pk=pk, **{link.attname: survivor})
                    if relinker.type_field:
                        rows_ = rows_.filter(**{relinker.type_field: model.record_type})
                    if rows_.update(**{relinker.field: target}):
                        _give_parts(model, row_model, pk, survivor, target)
                    _give_lines(model, row_model, pk, survivor, target)
            except IntegrityError:  # the other record has the same already
                refused.append(Kept(label, (pk,), "moved"))
    return refused


def parents_of(row_model: type[Model]) -> list[tuple[Any, type[Model]]]:
    """The columns of a linked table that point at other linked tables whose records have pages, with those: a
    person's part in a deal belongs to the deal."""
    linked = {one.model for one in relinkers.all_relinkers()}
    return [
        (one, one.related_model)
        for one in row_model._meta.concrete_fields
        if isinstance(one, ForeignKey)
        and one.related_model in linked
        and records.known(key := getattr(one.related_model, "record_type", ""))
        and records.get(key).detail_url
        and one.related_model not in (Contact, Company)
    ]


def _give_parts(model: Any, row_model: type[Model], pk: int, survivor: int, target: int) -> None:
    """What belongs to a row that is given to another record goes with it."""
    for relinker in relinkers.relinkers_of(model):
        for link, parent in parents_of(relinker.model) if not relinker.type_field else ():
            if parent is row_model:
                rows = relinker.model._base_manager.filter(**{link.attname: pk, relinker.field: survivor})
                rows.update(**{relinker.field: target})


def _give_lines(model: Any, row_model: Any, pk: int, survivor: int, target: int) -> None:
    record_type = getattr(row_model, "record_type", "")
    if record_type:
        link = f"{model.record_type}_id"
        lines = TimelineEntry.objects.filter(record_type=record_type, object_id=pk, **{link: survivor})
        lines.update(**{link: target})


def _run(sql: str, model: type[Model], **parameters: Any) -> list[tuple[Any, ...]]:
    names = {name: str(parameters.get(name, "")) for name in ("column", "assignments")}
    with connection.cursor() as cursor:
        cursor.execute(sql.format(table=_table(model), **names), parameters)
        return cursor.fetchall() if cursor.description else []


def _table(model: type[Model]) -> str:
    return str(connection.ops.quote_name(model._meta.db_table))
