from django.db import migrations

CREATE = """
CREATE FUNCTION core_analyze(relation regclass) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF relation IS NULL THEN
        ANALYZE;
    ELSE
        EXECUTE format('ANALYZE %s', relation);
    END IF;
END $$
"""


class Migration(migrations.Migration):
    """Who loads much at once may have the planner look at the tables, which belong to another login."""

    dependencies = [("core", "0002_exports_in_the_audit")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION core_analyze(regclass)")]
