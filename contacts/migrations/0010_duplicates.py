"""Pairs that may be one record, and the settings of matching."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0009_personas"),
        ("core", "0002_custom_fields"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CompanyDuplicate",
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
                    "score",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(1.0),
                        ],
                        verbose_name="likeness",
                    ),
                ),
                ("levels", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("dismissed", "Not the same"), ("merged", "Merged")],
                        db_default="open",
                        default="open",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
            ],
            options={
                "verbose_name": "possible duplicate company",
                "verbose_name_plural": "possible duplicate companies",
            },
        ),
        migrations.CreateModel(
            name="ContactDuplicate",
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
                    "score",
                    models.FloatField(
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(1.0),
                        ],
                        verbose_name="likeness",
                    ),
                ),
                ("levels", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("dismissed", "Not the same"), ("merged", "Merged")],
                        db_default="open",
                        default="open",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
            ],
            options={
                "verbose_name": "possible duplicate",
                "verbose_name_plural": "possible duplicates",
            },
        ),
        migrations.CreateModel(
            name="MatchingSettings",
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
                ("kind", models.CharField(max_length=20, unique=True)),
                (
                    "review",
                    models.FloatField(
                        default=0.65,
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(1.0),
                        ],
                        verbose_name="show from",
                    ),
                ),
                (
                    "safe",
                    models.FloatField(
                        default=0.98,
                        validators=[
                            django.core.validators.MinValueValidator(0.0),
                            django.core.validators.MaxValueValidator(1.0),
                        ],
                        verbose_name="safe from",
                    ),
                ),
                (
                    "merge_safe",
                    models.BooleanField(default=False, verbose_name="merge safe pairs every night"),
                ),
                ("population", models.JSONField(default=dict)),
                ("scanned_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "duplicate settings",
                "verbose_name_plural": "duplicate settings",
            },
        ),
        migrations.AddField(
            model_name="companyduplicate",
            name="a",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="contacts.company",
            ),
        ),
        migrations.AddField(
            model_name="companyduplicate",
            name="b",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.company"
            ),
        ),
        migrations.AddField(
            model_name="companyduplicate",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="contactduplicate",
            name="a",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="contacts.contact",
            ),
        ),
        migrations.AddField(
            model_name="contactduplicate",
            name="b",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
            ),
        ),
        migrations.AddField(
            model_name="contactduplicate",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="matchingsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("review__gte", 0.3), ("safe__gte", models.F("review")), ("safe__lte", 1)),
                name="contacts_matchingsettings_order",
                violation_error_message="“Safe from” is at least “show from”, and that at least 0.30.",
            ),
        ),
        migrations.AddIndex(
            model_name="companyduplicate",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["score", "id"],
                name="contacts_companyduplicate_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="companyduplicate",
            constraint=models.UniqueConstraint(fields=("a", "b"), name="contacts_companyduplicate_once"),
        ),
        migrations.AddConstraint(
            model_name="companyduplicate",
            constraint=models.CheckConstraint(
                condition=models.Q(("a__lt", models.F("b"))), name="contacts_companyduplicate_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="companyduplicate",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 0), ("score__lte", 1)),
                name="contacts_companyduplicate_score",
            ),
        ),
        migrations.AddIndex(
            model_name="contactduplicate",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["score", "id"],
                name="contacts_contactduplicate_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactduplicate",
            constraint=models.UniqueConstraint(fields=("a", "b"), name="contacts_contactduplicate_once"),
        ),
        migrations.AddConstraint(
            model_name="contactduplicate",
            constraint=models.CheckConstraint(
                condition=models.Q(("a__lt", models.F("b"))), name="contacts_contactduplicate_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="contactduplicate",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 0), ("score__lte", 1)),
                name="contacts_contactduplicate_score",
            ),
        ),
    ]
