from decimal import Decimal

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("object_id", models.BigIntegerField()),
                ("op", models.CharField(max_length=1)),
                ("before", models.JSONField(null=True)),
            ],
            options={
                "verbose_name": "change",
                "db_table": 'history"."change',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="ChangeSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("cause", models.TextField()),
                ("request", models.TextField()),
            ],
            options={
                "verbose_name": "change set",
                "db_table": 'history"."changeset',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="TrackedModel",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("label", models.TextField(unique=True)),
            ],
            options={
                "db_table": 'history"."model',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="OutboxEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("payload", models.JSONField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("available_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Role",
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
                ("key", models.SlugField(max_length=40, unique=True, verbose_name="key")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("description", models.CharField(blank=True, max_length=300, verbose_name="description")),
                (
                    "capabilities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="capabilities",
                    ),
                ),
            ],
            options={
                "verbose_name": "role",
                "verbose_name_plural": "roles",
            },
        ),
        migrations.CreateModel(
            name="User",
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
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, null=True, verbose_name="e-mail")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("is_staff", models.BooleanField(default=False, verbose_name="may open the admin")),
                ("external_id", models.CharField(blank=True, max_length=120, verbose_name="external id")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("time_zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                ("preferences", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "roles",
                    models.ManyToManyField(
                        blank=True, related_name="users", to="core.role", verbose_name="roles"
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        name="core_user_email_unique",
                        violation_error_message="There is a user with this e-mail address.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
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
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("prefix", models.CharField(max_length=12)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("scopes", models.JSONField(default=list)),
                ("last_used_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CustomField",
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
                ("record_type", models.CharField(max_length=40, verbose_name="record type")),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9]*(_[a-z0-9]+)*$",
                                "Use small letters, digits and single underscores, beginning with a letter, such as contract_end.",
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                ("label", models.CharField(max_length=80, verbose_name="label")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("long_text", "Long text"),
                            ("number", "Number"),
                            ("date", "Date"),
                            ("boolean", "Yes or no"),
                            ("choice", "Choice"),
                            ("multi", "Several choices"),
                            ("money", "Money"),
                            ("link", "Link to a record"),
                            ("formula", "Formula"),
                        ],
                        default="text",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("help_text", models.CharField(blank=True, max_length=300, verbose_name="help")),
                ("options", models.JSONField(blank=True, default=list, verbose_name="options")),
                ("default", models.JSONField(blank=True, null=True, verbose_name="default")),
                ("ref_type", models.CharField(blank=True, max_length=40, verbose_name="links to")),
                ("formula", models.TextField(blank=True, max_length=1000, verbose_name="formula")),
                (
                    "result_kind",
                    models.CharField(blank=True, editable=False, max_length=10, verbose_name="result"),
                ),
                ("position", models.PositiveIntegerField(default=100, verbose_name="position")),
                ("section", models.CharField(blank=True, max_length=80, verbose_name="section")),
                ("required", models.BooleanField(default=False, verbose_name="required")),
                ("visible_when", models.JSONField(blank=True, null=True, verbose_name="shown when")),
                ("required_when", models.JSONField(blank=True, null=True, verbose_name="required when")),
                ("options_when", models.JSONField(blank=True, default=dict, verbose_name="options when")),
                ("searchable", models.BooleanField(default=False, verbose_name="found by search")),
                ("indexed", models.BooleanField(default=False, verbose_name="indexed")),
                ("personal", models.BooleanField(default=True, verbose_name="personal data")),
                (
                    "index_state",
                    models.CharField(
                        blank=True,
                        choices=[("waiting", "Waiting"), ("ready", "Ready"), ("failed", "Failed")],
                        editable=False,
                        max_length=8,
                        verbose_name="index",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "archived_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="archived"),
                ),
            ],
            options={
                "verbose_name": "custom field",
                "verbose_name_plural": "custom fields",
                "ordering": ["record_type", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_type", "key"),
                        name="core_customfield_key_once",
                        violation_error_message="There is a field with this key already, perhaps archived.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeRate",
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
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "Use the three letters of ISO 4217, such as EUR."
                            )
                        ],
                        verbose_name="currency",
                    ),
                ),
                ("date", models.DateField(verbose_name="date")),
                ("rate", models.DecimalField(decimal_places=8, max_digits=18, verbose_name="rate")),
            ],
            options={
                "verbose_name": "exchange rate",
                "verbose_name_plural": "exchange rates",
                "constraints": [
                    models.UniqueConstraint(fields=("currency", "date"), name="core_exchangerate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("rate__gt", Decimal("0"))),
                        name="core_exchangerate_positive",
                        violation_error_message="A rate is greater than zero.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandledEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_id", models.BigIntegerField()),
                ("handler", models.CharField(max_length=200)),
                ("handled_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("event_id", "handler"), name="core_handledevent_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
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
                ("kind", models.CharField(max_length=60)),
                ("title", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("params", models.JSONField(default=dict)),
                ("checkpoint", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(null=True)),
                ("message", models.CharField(blank=True, max_length=300)),
                ("error", models.TextField(blank=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("cancel_requested", models.BooleanField(default=False)),
                ("pause_requested", models.BooleanField(default=False)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("lease_token", models.CharField(blank=True, max_length=32)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="jobs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "job",
                "verbose_name_plural": "jobs",
                "indexes": [
                    models.Index(fields=["owner", "-id"], name="core_job_owner"),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["lease_until"],
                        name="core_job_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
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
                ("target", models.CharField(max_length=40)),
                ("file", models.FileField(max_length=300, upload_to="imports/%Y/%m/")),
                ("file_name", models.CharField(max_length=255)),
                ("size", models.BigIntegerField(default=0)),
                ("encoding", models.CharField(blank=True, max_length=40)),
                ("delimiter", models.CharField(blank=True, max_length=1)),
                ("mapping", models.JSONField(default=dict)),
                ("options", models.JSONField(default=dict)),
                ("counts", models.JSONField(default=dict)),
                ("error_file", models.FileField(blank=True, max_length=300, upload_to="imports/%Y/%m/")),
                ("kept_file", models.FileField(blank=True, max_length=300, upload_to="imports/%Y/%m/")),
                ("finished_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="corrections",
                        to="core.importbatch",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="import_batches",
                        to="core.job",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "indexes": [models.Index(fields=["owner", "-id"], name="core_importbatch_owner")],
            },
        ),
        migrations.CreateModel(
            name="Notification",
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
                ("kind", models.CharField(max_length=40)),
                ("text", models.CharField(max_length=300)),
                ("record_type", models.CharField(blank=True, max_length=40)),
                ("object_id", models.BigIntegerField(null=True)),
                ("url", models.CharField(blank=True, max_length=400)),
                ("read_at", models.DateTimeField(null=True)),
                ("dedupe_key", models.CharField(max_length=200, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-id"], name="core_notification_inbox")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "dedupe_key"), name="core_notification_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
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
                ("name", models.CharField(default="Meridian", max_length=120, verbose_name="name")),
                (
                    "base_currency",
                    models.CharField(
                        default="EUR",
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "Use the three letters of ISO 4217, such as EUR."
                            )
                        ],
                        verbose_name="base currency",
                    ),
                ),
                ("postal_address", models.TextField(blank=True, verbose_name="postal address")),
                (
                    "default_country",
                    models.CharField(default="DE", max_length=2, verbose_name="default country"),
                ),
                ("time_zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisation",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="core_organisation_single")
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionPolicy",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("applies_to", models.CharField(max_length=40, verbose_name="records")),
                ("condition", models.JSONField(blank=True, default=dict, verbose_name="which of them")),
                ("moment", models.CharField(max_length=40, verbose_name="counted from")),
                (
                    "days",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="days"
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("review", "Ask a colleague"),
                            ("delete", "Delete"),
                            ("anonymise", "Erase the person"),
                        ],
                        max_length=10,
                        verbose_name="what happens",
                    ),
                ),
                ("is_active", models.BooleanField(default=False, verbose_name="every night")),
            ],
            options={
                "verbose_name": "retention policy",
                "verbose_name_plural": "retention policies",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1)),
                        name="core_retentionpolicy_days",
                        violation_error_message="At least one day.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
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
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("matched", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("held", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="runs",
                        to="core.retentionpolicy",
                    ),
                ),
            ],
            options={
                "verbose_name": "retention run",
                "indexes": [models.Index(fields=["policy", "-at"], name="core_retentionrun_newest")],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
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
                ("record_type", models.CharField(max_length=40, verbose_name="record type")),
                (
                    "view",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("own", "Own"),
                            ("team", "Team and the teams below"),
                            ("all", "All"),
                        ],
                        default="none",
                        max_length=4,
                        verbose_name="view",
                    ),
                ),
                (
                    "add",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("own", "Own"),
                            ("team", "Team and the teams below"),
                            ("all", "All"),
                        ],
                        default="none",
                        max_length=4,
                        verbose_name="add",
                    ),
                ),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("own", "Own"),
                            ("team", "Team and the teams below"),
                            ("all", "All"),
                        ],
                        default="none",
                        max_length=4,
                        verbose_name="change",
                    ),
                ),
                (
                    "remove",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("own", "Own"),
                            ("team", "Team and the teams below"),
                            ("all", "All"),
                        ],
                        default="none",
                        max_length=4,
                        verbose_name="delete",
                    ),
                ),
                (
                    "export",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("own", "Own"),
                            ("team", "Team and the teams below"),
                            ("all", "All"),
                        ],
                        default="none",
                        max_length=4,
                        verbose_name="export",
                    ),
                ),
                (
                    "hidden_fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="hidden fields",
                    ),
                ),
                (
                    "read_only_fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="read-only fields",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="core.role"
                    ),
                ),
            ],
            options={
                "verbose_name": "grant",
                "verbose_name_plural": "grants",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("role", "record_type"),
                        name="core_rolegrant_once",
                        violation_error_message="This role has a grant for this record type already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tag",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("colour", models.PositiveSmallIntegerField(default=7)),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"), name="core_tag_name_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("path", models.CharField(db_index=True, default="", editable=False, max_length=400)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="core.team",
                        verbose_name="parent team",
                    ),
                ),
            ],
            options={
                "verbose_name": "team",
                "verbose_name_plural": "teams",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="core_team_name_unique",
                        violation_error_message="There is a team of this name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
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
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("query", models.TextField(blank=True)),
                (
                    "visibility",
                    models.CharField(
                        choices=[("private", "Only me"), ("team", "My team"), ("everyone", "Everyone")],
                        default="private",
                        max_length=10,
                        verbose_name="who sees it",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.team",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["record_type", "position"], name="core_savedview_type")],
            },
        ),
        migrations.CreateModel(
            name="File",
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
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "deleted_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted"),
                ),
                ("attached_type", models.CharField(max_length=40)),
                ("attached_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("content", models.FileField(max_length=300, upload_to="files/%Y/%m/")),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["attached_type", "attached_id"], name="core_file_attached")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Document",
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
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "deleted_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted"),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "sharing",
                    models.CharField(
                        choices=[
                            ("nobody", "Nobody else"),
                            ("teams", "Chosen teams"),
                            ("everyone", "Everyone"),
                        ],
                        default="nobody",
                        max_length=8,
                        verbose_name="shared with",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "shared_teams",
                    models.ManyToManyField(
                        blank=True, related_name="shared_documents", to="core.team", verbose_name="teams"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "indexes": [models.Index(fields=["name", "id"], name="core_document_name")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="user",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="members",
                to="core.team",
                verbose_name="team",
            ),
        ),
        migrations.CreateModel(
            name="Comment",
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
                ("object_id", models.BigIntegerField()),
                ("body", models.TextField(max_length=10000, verbose_name="comment")),
                ("edited_at", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "indexes": [
                    models.Index(fields=["record_type", "object_id", "-id"], name="core_comment_record")
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentLink",
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
                ("object_id", models.BigIntegerField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="core.document"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["record_type", "object_id"], name="core_documentlink_record")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "record_type", "object_id"), name="core_documentlink_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Favourite",
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
                ("object_id", models.BigIntegerField()),
                ("starred", models.BooleanField(default=False)),
                ("following", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="favourites",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["record_type", "object_id"], name="core_favourite_record")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "record_type", "object_id"), name="core_favourite_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
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
                ("key", models.CharField(max_length=200)),
                ("request_digest", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.JSONField(null=True)),
                ("headers", models.JSONField(default=dict)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="core_idempotencykey_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportMapping",
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
                ("target", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("mapping", models.JSONField(default=dict)),
                ("shared", models.BooleanField(default=False, verbose_name="shared")),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "mapping",
                "verbose_name_plural": "mappings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "target", "name"),
                        name="core_importmapping_once",
                        violation_error_message="You have a mapping of this name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.BigIntegerField()),
                (
                    "fate",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("updated", "Updated"),
                            ("skipped", "Skipped"),
                            ("failed", "Failed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("object_id", models.BigIntegerField(null=True)),
                ("problems", models.JSONField(default=list)),
                ("values", models.JSONField(null=True)),
                ("review", models.BooleanField(default=False)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("original_line", models.BigIntegerField(null=True)),
                ("source_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="core.importbatch",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("review", True)), fields=["batch"], name="core_importrow_review"
                    ),
                    models.Index(fields=["batch", "fate"], name="core_importrow_fate"),
                    models.Index(
                        condition=models.Q(("source_at__isnull", False)),
                        fields=["object_id"],
                        name="core_importrow_source",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "line"), name="core_importrow_once")
                ],
            },
        ),
    ]
