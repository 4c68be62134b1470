"""Survey requests, answers and settings."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import service.models.surveys


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0001_tickets_and_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="SurveyRequest",
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
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("asked", "Asked"), ("skipped", "Not asked")],
                        default="planned",
                        max_length=8,
                    ),
                ),
                ("skipped_because", models.CharField(blank=True, max_length=20)),
                ("due_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("nonce", models.CharField(default=service.models.surveys.new_nonce, max_length=16)),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_requests",
                        to="service.message",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_requests",
                        to="service.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "survey request",
                "verbose_name_plural": "survey requests",
            },
        ),
        migrations.CreateModel(
            name="SurveyAnswer",
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
                ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                ("words", models.TextField(blank=True, verbose_name="words")),
                (
                    "answered_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="answered"),
                ),
                ("times", models.PositiveSmallIntegerField(default=1, verbose_name="times answered")),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_answers",
                        to="service.ticket",
                        verbose_name="ticket",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="service.surveyrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "survey answer",
                "verbose_name_plural": "survey answers",
            },
        ),
        migrations.CreateModel(
            name="SurveySettings",
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
                    "is_on",
                    models.BooleanField(
                        default=False,
                        help_text="By mail, after a ticket was solved.",
                        verbose_name="ask customers how satisfied they are",
                    ),
                ),
                (
                    "delay_hours",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[django.core.validators.MaxValueValidator(720)],
                        verbose_name="hours after the solution",
                    ),
                ),
                (
                    "link_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(365),
                        ],
                        verbose_name="days that the link works",
                    ),
                ),
                (
                    "rest_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="days in which nobody is asked twice",
                    ),
                ),
            ],
            options={
                "verbose_name": "survey settings",
                "verbose_name_plural": "survey settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="service_surveysettings_single"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="surveyrequest",
            index=models.Index(
                condition=models.Q(("state", "planned")), fields=["due_at"], name="service_surveyrequest_due"
            ),
        ),
        migrations.AddIndex(
            model_name="surveyrequest",
            index=models.Index(fields=["ticket", "-asked_at"], name="service_surveyreq_ticket"),
        ),
        migrations.AddIndex(
            model_name="surveyrequest",
            index=models.Index(fields=["asked_at"], name="service_surveyrequest_asked"),
        ),
        migrations.AddConstraint(
            model_name="surveyrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "planned")),
                fields=("ticket",),
                name="service_surveyrequest_one_planned",
            ),
        ),
        migrations.AddIndex(
            model_name="surveyanswer",
            index=models.Index(fields=["answered_at", "id"], name="service_surveyanswer_at"),
        ),
        migrations.AddIndex(
            model_name="surveyanswer",
            index=models.Index(fields=["ticket", "-answered_at"], name="service_surveyanswer_ticket"),
        ),
        migrations.AddConstraint(
            model_name="surveyanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 1), ("score__lte", 5)),
                name="service_surveyanswer_score",
                violation_error_message="Choose from 1 to 5.",
            ),
        ),
    ]
