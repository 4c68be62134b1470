from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_people_and_companies")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE contacts_segmenttouch SET (autovacuum_vacuum_scale_factor = 0,"
            " autovacuum_vacuum_threshold = 20000);"
            "ALTER TABLE contacts_segmentstate SET (fillfactor = 85);",
            "ALTER TABLE contacts_segmenttouch RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold);"
            "ALTER TABLE contacts_segmentstate RESET (fillfactor);",
        ),
    ]
