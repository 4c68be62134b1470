import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_people_and_kernel"),
    ]

    operations = [
        migrations.CreateModel(
            name="ModelRun",
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
                (
                    "population",
                    models.CharField(
                        choices=[("contact", "Contacts"), ("company", "Companies")],
                        max_length=8,
                        verbose_name="population",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("fitted", "Being written"),
                            ("done", "Done"),
                            ("not_enough", "Not enough data"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.CharField(max_length=40, verbose_name="version")),
                ("as_of", models.DateField(verbose_name="as of")),
                ("horizon_days", models.PositiveSmallIntegerField(verbose_name="horizon in days")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("orders", models.PositiveIntegerField(default=0, verbose_name="orders")),
                ("customers", models.PositiveIntegerField(default=0, verbose_name="customers")),
                (
                    "repeat_customers",
                    models.PositiveIntegerField(default=0, verbose_name="customers with repeat orders"),
                ),
                ("first_order_on", models.DateField(null=True, verbose_name="first order")),
                ("parameters", models.JSONField(default=dict, verbose_name="parameters")),
                ("back_test", models.JSONField(default=dict, verbose_name="back-test")),
                ("reason", models.CharField(blank=True, max_length=40, verbose_name="why there is no model")),
                ("scored", models.PositiveIntegerField(default=0, verbose_name="customers scored")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.job",
                    ),
                ),
            ],
            options={
                "verbose_name": "model run",
                "verbose_name_plural": "model runs",
                "indexes": [models.Index(fields=["population", "-id"], name="analytics_modelrun_latest")],
            },
        ),
    ]
