"""The triggers that put touched contacts on the queue: generated from the registered sources, safe to run again."""

from django.db import connection

from core.conditions.sources import Source, sources_for

# By index, row for row: a plan is kept with the number of rows that its session's first statement changed, and
# one made for a COPY would read a whole table for each single row after it.
FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO contacts_segmenttouch (contact_id, source)
        SELECT DISTINCT t.id, TG_TABLE_NAME FROM ({inserted}) AS t(id) WHERE t.id IS NOT NULL;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO contacts_segmenttouch (contact_id, source)
        SELECT DISTINCT t.id, TG_TABLE_NAME FROM ({old}) AS t(id) WHERE t.id IS NOT NULL;
    ELSE
        INSERT INTO contacts_segmenttouch (contact_id, source)
        SELECT DISTINCT t.id, TG_TABLE_NAME FROM (({new}) UNION ALL ({old})) AS t(id) WHERE t.id IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER contacts_touch_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {name}();
CREATE OR REPLACE TRIGGER contacts_touch_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {name}();
CREATE OR REPLACE TRIGGER contacts_touch_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


def install() -> None:
    """Put a trigger on every source whose table is there. Needs the login that owns the tables."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for source in sources_for("contact").values():
            if source.table in there and "contacts_segmenttouch" in there:
                cursor.execute(_sql(source))


NOBODY = "SELECT NULL::bigint WHERE false"


def _sql(source: Source) -> str:
    inserted = source.touched if source.inserted is None else source.inserted or NOBODY
    return FUNCTION.format(
        name=f"contacts_touch_{source.table}",
        table=connection.ops.quote_name(source.table),
        inserted=inserted.format(rows="new_rows"),
        new=source.touched.format(rows="new_rows"),
        old=source.touched.format(rows="old_rows"),
    )
