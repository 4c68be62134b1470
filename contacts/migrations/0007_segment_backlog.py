"""Who waits to be judged anew after a bulk change."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0006_privacy_settings")]

    operations = [
        migrations.CreateModel(
            "SegmentBacklog",
            [
                (
                    "contact",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="contacts.contact",
                    ),
                ),
            ],
        ),
    ]
