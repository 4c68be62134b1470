"""Puts the history's triggers on every tracked table: generated from the catalogue, safe to run again.

Runs after each `migrate`. The update trigger of a table names its columns, so it is generated; a column
that it does not know yet is stored with every change, so that forgetting to run this loses nothing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from core.history.erasing import padded_key

OUR_APPS = ("core", "contacts", "sales", "service", "marketing", "analytics")
HISTORY_ROLE = "crm_history"
APPLICATION_ROLE = "crm_app"
SCHEMA_SQL = (Path(__file__).parent / "schema.sql").read_text()

UPDATE_FUNCTION = """
CREATE OR REPLACE FUNCTION history.{name}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows) THEN
        INSERT INTO history.change (at, changeset_id, model_id, object_id, op, before)
        SELECT now(), history.current_changeset(), TG_ARGV[0]::smallint, diff.id, 'U', diff.before
        FROM (
            SELECT o.id, (to_jsonb(o) - array_remove(ARRAY[{unchanged}]::text[], NULL)){by_key} AS before
            FROM old_rows o JOIN new_rows n ON n.id = o.id
        ) diff
        WHERE diff.before <> '{{}}'::jsonb;
    END IF;
    RETURN NULL;
END $$;
"""
TRIGGERS = """
CREATE OR REPLACE TRIGGER crm_history_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION history.record_insert({number});
CREATE OR REPLACE TRIGGER crm_history_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
    EXECUTE FUNCTION history.{name}({number});
CREATE OR REPLACE TRIGGER crm_history_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION history.record_delete({number});
"""


def tracked_models() -> Iterator[type[Model]]:
    """Every managed model of ours, many-to-many tables included, but those that say `history = False`."""
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.app_label in OUR_APPS and meta.managed and not meta.proxy and getattr(model, "history", True):
            yield model


def install() -> None:
    """Create or renew schema, functions and triggers. Needs the login that owns the tables."""
    with connection.cursor() as cursor:
        has_role = _role_exists(cursor, HISTORY_ROLE)
        cursor.execute(SCHEMA_SQL)
        for model in tracked_models():
            _install_on(cursor, model)
        _keep_erasure_key(cursor)
        if has_role:
            _hand_over(cursor)
        cursor.execute("SELECT history.create_partitions()")
        if _role_exists(cursor, APPLICATION_ROLE):
            cursor.execute(
                f"GRANT USAGE ON SCHEMA history TO {APPLICATION_ROLE};"
                f"GRANT SELECT ON ALL TABLES IN SCHEMA history TO {APPLICATION_ROLE};"
                f"REVOKE ALL ON history.erasure_key FROM {APPLICATION_ROLE};"
                f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA history TO {APPLICATION_ROLE}"
            )


def _keep_erasure_key(cursor: Any) -> None:
    """Give the database what it needs to check a proof. Another SECRET_KEY is taken over by the next `migrate`."""
    cursor.execute(
        "INSERT INTO history.erasure_key (inner_pad, outer_pad) VALUES (%s, %s)"
        " ON CONFLICT (single) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
        padded_key(),
    )


def create_partitions() -> None:
    """Make the partitions of this month and the next three, if they are missing; the application may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT history.create_partitions()")


def _role_exists(cursor: Any, role: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    return cursor.fetchone() is not None


def _columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [f'"{table}"'],
    )
    return [name for (name,) in cursor.fetchall()]


def _install_on(cursor: Any, model: type[Model]) -> None:
    from core.models import Record

    table = model._meta.db_table
    name = f"record_update_{table}"
    cursor.execute(
        "INSERT INTO history.model (label) VALUES (%s) ON CONFLICT (label) DO NOTHING", [model._meta.label]
    )
    cursor.execute("SELECT id FROM history.model WHERE label = %s", [model._meta.label])
    number = cursor.fetchone()[0]
    quiet = {"id", "updated_at", "version"} if issubclass(model, Record) else {"id", "updated_at"}
    by_key: tuple[str, ...] = getattr(model, "history_by_key", ())
    comparisons = [
        f"'{column}'"
        if column in quiet or column in by_key
        else f'CASE WHEN o."{column}" IS NOT DISTINCT FROM n."{column}" THEN \'{column}\' END'
        for column in _columns(cursor, table)
    ]
    keys = "".join(f' || history.changed_keys(\'{c}\', o."{c}", n."{c}")' for c in by_key)
    cursor.execute(UPDATE_FUNCTION.format(name=name, unchanged=", ".join(comparisons), by_key=keys))
    cursor.execute(TRIGGERS.format(table=f'"{table}"', name=name, number=number))


def _hand_over(cursor: Any) -> None:
    """Give tables and functions of the schema to the role that nobody logs in as."""
    cursor.execute(f"GRANT USAGE, CREATE ON SCHEMA history TO {HISTORY_ROLE}")
    cursor.execute(
        f"""
        DO $$
        DECLARE item record;
        BEGIN
            FOR item IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = 'history'::regnamespace
                AND c.relkind IN ('r', 'p') AND c.relowner <> '{HISTORY_ROLE}'::regrole LOOP
                EXECUTE format('ALTER TABLE %s OWNER TO {HISTORY_ROLE}', item.name);
            END LOOP;
            FOR item IN SELECT p.oid::regprocedure AS name FROM pg_proc p
                WHERE p.pronamespace = 'history'::regnamespace AND p.proowner <> '{HISTORY_ROLE}'::regrole LOOP
                EXECUTE format('ALTER FUNCTION %s OWNER TO {HISTORY_ROLE}', item.name);
            END LOOP;
        END $$
        """
    )
