from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns with a default of the database: no row is rewritten."""

    dependencies = [
        ("core", "0003_statistics"),
        ("sales", "0002_kept_sums"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="custom",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, editable=False, verbose_name="custom fields"
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="tags",
            field=models.ManyToManyField(
                blank=True, related_name="orders", to="core.tag", verbose_name="tags"
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="custom",
            field=models.JSONField(
                blank=True, db_default={}, default=dict, editable=False, verbose_name="custom fields"
            ),
        ),
    ]
