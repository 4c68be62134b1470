from django.db import migrations

LOG = """
CREATE FUNCTION contacts_log_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO contacts_lifecyclechange (contact_id, before, after, at, actor_id, cause)
    VALUES (
        NEW.id, OLD.lifecycle_stage, NEW.lifecycle_stage, clock_timestamp(),
        nullif(current_setting('crm.actor', true), '')::bigint,
        left(coalesce(nullif(current_setting('crm.cause', true), ''), 'unknown'), 60)
    );
    RETURN NULL;
END $$;
CREATE TRIGGER contacts_lifecycle AFTER UPDATE ON contacts_contact FOR EACH ROW
    WHEN (
        OLD.lifecycle_stage IS DISTINCT FROM NEW.lifecycle_stage
        AND coalesce(current_setting('crm.cause', true), '') NOT LIKE 'merge%'
    )
    EXECUTE FUNCTION contacts_log_lifecycle();
"""

FORGET = """
DROP TRIGGER contacts_lifecycle ON contacts_contact;
DROP FUNCTION contacts_log_lifecycle();
"""


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_segments_kept_up")]

    operations = [
        migrations.RunSQL(LOG, FORGET),
    ]
