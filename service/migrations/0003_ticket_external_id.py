from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("service", "0002_surveys")]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="external_id",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                max_length=120,
                verbose_name="external id",
            ),
        ),
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=["external_id"],
                name="service_ticket_external",
            ),
        ),
    ]
