import django.utils.timezone
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contacts", "0004_timeline_request")]

    operations = [
        migrations.CreateModel(
            name="ExternalKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("record_type", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=120)),
                ("object_id", models.BigIntegerField()),
            ],
            options={"verbose_name": "external key", "verbose_name_plural": "external keys"},
        ),
        migrations.AddConstraint(
            model_name="externalkey",
            constraint=models.UniqueConstraint(
                fields=("record_type", "key"), name="contacts_externalkey_once"
            ),
        ),
        migrations.AddIndex(
            model_name="externalkey",
            index=models.Index(fields=["record_type", "object_id"], name="contacts_externalkey_of"),
        ),
        AddIndexConcurrently(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=["external_id"],
                name="contacts_activity_external",
            ),
        ),
    ]
