from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a default of the database: no row is rewritten."""

    dependencies = [("contacts", "0007_segment_backlog")]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="custom",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, editable=False, verbose_name="custom fields"
            ),
        ),
    ]
