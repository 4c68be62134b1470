"""Undo from the history: put back what changesets replaced, but only where nobody has changed it since.

Set-based: a few statements per table, whatever the number of rows (an import of half a million lines).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Model

from core.history.context import acting
from core.scope.rules import ParentScope

PICK = """
CREATE TEMP TABLE undone ON COMMIT DROP AS
SELECT c.id, c.model_id, c.object_id, c.op::text AS op, c.before FROM history.change c
WHERE c.changeset_id = ANY(%s) AND c.model_id <> ALL(SELECT id FROM history.model WHERE label = ANY(%s));
CREATE INDEX ON undone (model_id, object_id);
ANALYZE undone;
"""
# What a job did and undoing it took back is no change: two imports can be undone one after the other.
LATER = """
CREATE TEMP TABLE changed_since ON COMMIT DROP AS
SELECT l.model_id, l.object_id, l.op::text AS op, l.before
FROM (SELECT model_id, object_id, min(id) AS first FROM undone GROUP BY 1, 2) u
JOIN history.change l ON l.model_id = u.model_id AND l.object_id = u.object_id AND l.id > u.first
JOIN history.changeset c ON c.id = l.changeset_id
WHERE l.changeset_id <> ALL(%s) AND NOT starts_with(c.cause, 'undo:')
AND NOT (starts_with(c.cause, 'job:') AND EXISTS (
    SELECT FROM history.change b JOIN history.changeset d ON d.id = b.changeset_id
    WHERE b.model_id = l.model_id AND b.object_id = l.object_id AND b.id > l.id
        AND d.cause = 'undo:' || substr(c.cause, 5)));
CREATE INDEX ON changed_since (model_id, object_id);
ANALYZE changed_since;
"""
DROP = "DROP TABLE IF EXISTS undone, changed_since, left_alone, doomed"
LEAVE = """
CREATE TEMP TABLE left_alone ON COMMIT DROP AS
SELECT DISTINCT u.model_id, u.object_id FROM undone u JOIN changed_since s USING (model_id, object_id)
WHERE %s AND u.op = 'U' AND s.op = 'U' AND EXISTS (
    SELECT FROM jsonb_object_keys(u.before) k WHERE jsonb_exists(s.before, k));
CREATE INDEX ON left_alone (model_id, object_id);
"""
PART_OF_KEPT = "part of what is kept"
"""Why a part of a record that undoing leaves alone, such as its address, is left alone."""
LEAVE_PARTS = """
INSERT INTO left_alone
SELECT DISTINCT u.model_id, u.object_id FROM undone u LEFT JOIN {table} x ON x.id = u.object_id
WHERE u.model_id = %(model)s
    AND EXISTS (SELECT FROM left_alone a WHERE a.model_id = %(whole)s
        AND a.object_id = coalesce(x.{column}, (u.before->>%(column)s)::bigint))
    AND NOT EXISTS (SELECT FROM left_alone a WHERE a.model_id = u.model_id AND a.object_id = u.object_id)
RETURNING object_id
"""
DOOM = """
CREATE TEMP TABLE doomed ON COMMIT DROP AS
SELECT DISTINCT u.model_id, u.object_id FROM undone u
WHERE u.op = 'I' AND NOT EXISTS (
    SELECT FROM changed_since s WHERE s.model_id = u.model_id AND s.object_id = u.object_id)
AND NOT EXISTS (
    SELECT FROM left_alone a WHERE a.model_id = u.model_id AND a.object_id = u.object_id);
CREATE UNIQUE INDEX ON doomed (model_id, object_id);
ANALYZE doomed;
"""
SPARE = """
DELETE FROM doomed d USING {table} x
WHERE d.model_id = %(model)s AND x.{column} = d.object_id
    AND NOT EXISTS (SELECT FROM doomed o WHERE o.model_id = %(other)s AND o.object_id = x.id)
RETURNING d.object_id
"""
KEEP_PARTS = """
DELETE FROM doomed d USING {table} x
WHERE d.model_id = %(model)s AND x.id = d.object_id AND x.{column} IS NOT NULL
    AND EXISTS (SELECT FROM undone u
        WHERE u.model_id = %(whole)s AND u.object_id = x.{column} AND u.op = 'I')
    AND NOT EXISTS (SELECT FROM doomed w WHERE w.model_id = %(whole)s AND w.object_id = x.{column})
RETURNING d.object_id
"""
RESTORE = """
UPDATE {table} t SET {assignments}{version}
FROM (
    SELECT first.object_id, jsonb_object_agg(first.key, first.value) AS v FROM (
        SELECT DISTINCT ON (u.object_id, e.key) u.object_id, e.key, e.value
        FROM undone u, jsonb_each(u.before) e
        WHERE u.model_id = %(model)s AND u.op = 'U' AND NOT EXISTS (
            SELECT FROM changed_since s WHERE s.model_id = u.model_id AND s.object_id = u.object_id
                AND s.op = 'U' AND jsonb_exists(s.before, e.key))
        ORDER BY u.object_id, e.key, u.id
    ) first GROUP BY first.object_id
) w, LATERAL jsonb_populate_record(NULL::{table}, w.v) r
WHERE t.id = w.object_id AND NOT EXISTS (
    SELECT FROM doomed d WHERE d.model_id = %(model)s AND d.object_id = t.id
    UNION ALL SELECT FROM left_alone a WHERE a.model_id = %(model)s AND a.object_id = t.id)
RETURNING t.id
"""
REINSERT = """
INSERT INTO {table} SELECT r.* FROM undone u, LATERAL jsonb_populate_record(NULL::{table}, u.before) r
WHERE u.model_id = %(model)s AND u.op = 'D' AND NOT EXISTS (
    SELECT FROM undone i WHERE i.model_id = u.model_id AND i.object_id = u.object_id AND i.op = 'I'
    UNION ALL SELECT FROM left_alone a WHERE a.model_id = u.model_id AND a.object_id = u.object_id)
ON CONFLICT DO NOTHING
"""
KEPT = """
SELECT DISTINCT u.object_id FROM undone u JOIN changed_since s USING (model_id, object_id)
WHERE u.model_id = %(model)s AND (u.op = 'I' OR u.op = 'U' AND s.op = 'U' AND EXISTS (
    SELECT FROM jsonb_object_keys(u.before) k WHERE jsonb_exists(s.before, k)))
ORDER BY 1
"""


@dataclass
class Undone:
    """What undoing did: counts, the rows it left alone with the reason, the ids it deleted and those it
    restored by model label."""

    deleted: int = 0
    restored: int = 0
    reinserted: int = 0
    skipped: list[dict[str, Any]] = field(default_factory=list)
    deleted_ids: dict[str, list[int]] = field(default_factory=dict)
    restored_ids: dict[str, list[int]] = field(default_factory=dict)


def undo_changesets(
    ids: Sequence[int],
    *,
    actor: Any,
    cause: str = "undo",
    leave: Sequence[str] = (),
    whole_records: bool = False,
) -> Undone:
    """Undo the changes of the changesets, in one transaction.

    Inserted rows that nobody touched or refers to since are deleted, with the derived rows (tables without
    a history) that hang on them; replaced values return where the same field has not been changed since;
    deleted rows come back whole. What an undone job had changed in between counts as untouched. Tables of
    the labels in `leave` are not touched. What can't be undone is listed, never forced. With
    `whole_records` a row of which any replaced value has been changed since
    is left alone as a whole, with its parts (the way of a deal): half of a decision is none.
    """
    with transaction.atomic(), acting(actor, cause=cause), connection.cursor() as cursor:
        cursor.execute(DROP)
        cursor.execute(PICK, [list(ids), list(leave)])
        cursor.execute(LATER, [list(ids)])
        cursor.execute(
            "SELECT DISTINCT m.id, m.label FROM undone u JOIN history.model m ON m.id = u.model_id"
        )
        touched = {apps.get_model(label): number for number, label in cursor.fetchall()}
        outcome = Undone()
        cursor.execute(LEAVE, [whole_records])
        if whole_records:
            _leave_parts(cursor, touched, outcome)
        cursor.execute(DOOM)
        _list_kept(cursor, touched, outcome)
        _spare_referenced(cursor, touched, outcome)
        for model, number in touched.items():
            outcome.reinserted += _run(cursor, REINSERT, model, number)
        for model, number in touched.items():
            _restore(cursor, model, number, outcome)
        for model, number in touched.items():
            _delete(cursor, model, number, outcome)
        cursor.execute(DROP)
    return outcome


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _run(cursor: Any, sql: str, model: type[Model], number: int, **names: str) -> int:
    cursor.execute(sql.format(table=_quoted(model._meta.db_table), **names), {"model": number})
    return max(0, int(cursor.rowcount))


def _list_kept(cursor: Any, touched: dict[type[Model], int], outcome: Undone) -> None:
    for model, number in touched.items():
        cursor.execute(KEPT, {"model": number})
        _skip(outcome, model, (pk for (pk,) in cursor.fetchall()), "changed since")


def _spare_referenced(cursor: Any, touched: dict[type[Model], int], outcome: Undone) -> None:
    """Keep inserted rows that rows which stay refer to, and so on until nothing more is kept by it."""
    relations = [
        (model, number, relation)
        for model, number in touched.items()
        for relation in _references_to(model)
        if getattr(relation.related_model, "history", True)
    ]
    again = True
    while again:
        again = _keep_parts(cursor, touched, outcome)
        for model, number, relation in relations:
            sql = SPARE.format(
                table=_quoted(relation.related_model._meta.db_table), column=_quoted(relation.field.column)
            )
            cursor.execute(sql, {"model": number, "other": touched.get(relation.related_model, -1)})
            spared = {pk for (pk,) in cursor.fetchall()}
            _skip(outcome, model, sorted(spared), "referenced")
            again = again or bool(spared)


def _keep_parts(cursor: Any, touched: dict[type[Model], int], outcome: Undone) -> bool:
    """Keep inserted parts (an address, a tag) of inserted rows that are kept themselves: somebody uses them."""
    kept = False
    for model, column, whole in _parts_in(touched):
        sql = KEEP_PARTS.format(table=_quoted(model._meta.db_table), column=_quoted(column))
        cursor.execute(sql, {"model": touched[model], "whole": whole})
        kept = _kept_as_parts(cursor, outcome, model) or kept
    return kept


def _leave_parts(cursor: Any, touched: dict[type[Model], int], outcome: Undone) -> None:
    """Leave the parts of rows that are left alone as they are, and the parts of those."""
    again = True
    while again:
        again = False
        for model, column, whole in _parts_in(touched):
            sql = LEAVE_PARTS.format(table=_quoted(model._meta.db_table), column=_quoted(column))
            cursor.execute(sql, {"model": touched[model], "whole": whole, "column": column})
            again = _kept_as_parts(cursor, outcome, model) or again


def _parts_in(touched: dict[type[Model], int]) -> Iterable[tuple[type[Model], str, int]]:
    """(model, column, number of the whole's model) of the links by which rows are part of others that were
    touched."""
    for model in touched:
        for part in model._meta.concrete_fields:
            whole = touched.get(part.related_model) if part.related_model else None
            # a tag is no whole: what somebody put it on is
            if whole is not None and _is_part(model, part) and hasattr(part.related_model, "version"):
                yield model, str(part.column), whole


def _kept_as_parts(cursor: Any, outcome: Undone, model: type[Model]) -> bool:
    ids = sorted(pk for (pk,) in cursor.fetchall())
    _skip(outcome, model, ids, PART_OF_KEPT)
    return bool(ids)


def _is_part(model: type[Model], link: Any) -> bool:
    """Whether rows of the model are parts of what the foreign key points at: they go or are seen with it alone."""
    rule: Any = getattr(model, "scope", None)
    seen_with = isinstance(rule, ParentScope) and rule.parents == (link.name,)
    return seen_with or link.remote_field.on_delete is models.CASCADE


def _references_to(model: type[Model]) -> Iterable[Any]:
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel)
        and relation.related_model._meta.managed
        and relation.field.concrete
    ]


def _restore(cursor: Any, model: type[Model], number: int, outcome: Undone) -> None:
    columns = [
        str(f.column) for f in model._meta.concrete_fields if f.column not in ("id", "updated_at", "version")
    ]
    by_key: tuple[str, ...] = getattr(model, "history_by_key", ())
    values = {
        name: f"CASE WHEN jsonb_exists(w.v, '{name}') THEN r.{_quoted(name)} ELSE t.{_quoted(name)} END"
        for name in columns
    }
    values |= {name: f"history.put_keys('{name}', {values[name]}, w.v)" for name in by_key}
    assignments = ", ".join(f"{_quoted(name)} = {value}" for name, value in values.items())
    versioned = any(f.name == "version" for f in model._meta.concrete_fields)
    version = ", version = t.version + 1" if versioned else ""
    _run(cursor, RESTORE, model, number, assignments=assignments, version=version)
    if ids := [pk for (pk,) in cursor.fetchall()]:
        outcome.restored += len(ids)
        outcome.restored_ids[model._meta.label] = ids


def _delete(cursor: Any, model: type[Model], number: int, outcome: Undone) -> None:
    doomed = "(SELECT object_id FROM doomed WHERE model_id = %(model)s)"
    for relation in _references_to(model):
        if getattr(relation.related_model, "history", True):
            continue
        derived, column = relation.related_model, _quoted(relation.field.column)
        change = f"UPDATE {{table}} SET {column} = NULL" if relation.field.null else "DELETE FROM {table}"
        if relation.on_delete is models.CASCADE:
            change = "DELETE FROM {table}"
        _run(cursor, f"{change} WHERE {column} IN {doomed}", derived, number)
    cursor.execute(
        f"DELETE FROM {_quoted(model._meta.db_table)} WHERE id IN {doomed} RETURNING id", {"model": number}
    )
    ids = [pk for (pk,) in cursor.fetchall()]
    outcome.deleted += len(ids)
    if ids:
        outcome.deleted_ids[model._meta.label] = ids


def _skip(outcome: Undone, model: type[Model], ids: Iterable[int], reason: str) -> None:
    label = model._meta.label
    outcome.skipped.extend({"model": label, "id": pk, "reason": reason} for pk in ids)
