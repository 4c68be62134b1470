import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import contacts.models.upkeep


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_people_and_kernel"),
        ("core", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
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
                (
                    "custom",
                    models.JSONField(
                        blank=True, db_default={}, default=dict, editable=False, verbose_name="custom fields"
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=100, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=100, verbose_name="last name")),
                ("name", models.CharField(default="", editable=False, max_length=210, verbose_name="name")),
                ("sort_name", models.CharField(default="", editable=False, max_length=210)),
                ("salutation", models.CharField(blank=True, max_length=40, verbose_name="salutation")),
                (
                    "lifecycle_stage",
                    models.CharField(
                        choices=[
                            ("subscriber", "Subscriber"),
                            ("lead", "Lead"),
                            ("opportunity", "Opportunity"),
                            ("customer", "Customer"),
                            ("former", "Former customer"),
                            ("other", "Other"),
                        ],
                        default="lead",
                        max_length=12,
                        verbose_name="lifecycle",
                    ),
                ),
                ("job_title", models.CharField(blank=True, max_length=120, verbose_name="job title")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("time_zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="city")),
                (
                    "latitude",
                    models.FloatField(blank=True, editable=False, null=True, verbose_name="latitude"),
                ),
                (
                    "longitude",
                    models.FloatField(blank=True, editable=False, null=True, verbose_name="longitude"),
                ),
                ("birthday", models.DateField(blank=True, null=True, verbose_name="birthday")),
                (
                    "preferred_channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("message", "Text message"),
                            ("chat", "Chat"),
                            ("meeting", "In person"),
                            ("post", "Post"),
                            ("social", "Social network"),
                        ],
                        db_default="",
                        default="",
                        max_length=8,
                        verbose_name="preferred channel",
                    ),
                ),
                (
                    "best_hour",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="The hour of the day, in their own time zone.",
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="best hour",
                    ),
                ),
                (
                    "communication_style",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("direct", "Direct and brief"),
                            ("analytical", "Facts and figures"),
                            ("relating", "Personal and warm"),
                            ("expressive", "Ideas and pictures"),
                        ],
                        db_default="",
                        default="",
                        max_length=12,
                        verbose_name="communication style",
                    ),
                ),
                (
                    "interests",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Separated by commas.",
                        max_length=500,
                        verbose_name="interests",
                    ),
                ),
                (
                    "values_held",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="What matters to them.",
                        max_length=500,
                        verbose_name="values",
                    ),
                ),
                (
                    "personality",
                    models.TextField(blank=True, db_default="", default="", verbose_name="personality"),
                ),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="source")),
                ("do_not_contact", models.BooleanField(default=False, verbose_name="do not contact")),
                ("external_id", models.CharField(blank=True, max_length=120, verbose_name="external id")),
                ("description", models.TextField(blank=True, verbose_name="about")),
                (
                    "last_activity_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last activity"),
                ),
                ("activity_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("latitude__isnull", False)),
                        fields=["latitude", "longitude"],
                        name="contacts_contact_where",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["sort_name", "id"],
                        name="contacts_contact_name",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["activity_at", "id"],
                        name="contacts_contact_activity",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["created_at", "id"],
                        name="contacts_contact_created",
                    ),
                    models.Index(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=["external_id"],
                        name="contacts_contact_external",
                    ),
                    models.Index(
                        condition=models.Q(("birthday__isnull", False)),
                        fields=["birthday"],
                        name="contacts_contact_birthday",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["sort_name"], name="contacts_contact_trgm", opclasses=["gin_trgm_ops"]
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Segment",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "kind",
                    models.CharField(
                        choices=[("dynamic", "Follows its rule"), ("static", "Fixed members")],
                        default="dynamic",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("rule", models.JSONField(blank=True, default=dict, verbose_name="rule")),
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
                "verbose_name": "segment",
                "verbose_name_plural": "segments",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Alias",
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
                ("old_id", models.BigIntegerField()),
                ("live_id", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "old id",
                "verbose_name_plural": "old ids",
                "indexes": [models.Index(fields=["record_type", "live_id"], name="contacts_alias_live")],
                "constraints": [
                    models.UniqueConstraint(fields=("record_type", "old_id"), name="contacts_alias_once"),
                    models.CheckConstraint(
                        condition=models.Q(("old_id", models.F("live_id")), _negated=True),
                        name="contacts_alias_not_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Company",
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
                (
                    "custom",
                    models.JSONField(
                        blank=True, db_default={}, default=dict, editable=False, verbose_name="custom fields"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("sort_name", models.CharField(default="", editable=False, max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("prospect", "Prospect"),
                            ("customer", "Customer"),
                            ("partner", "Partner"),
                            ("supplier", "Supplier"),
                            ("competitor", "Competitor"),
                        ],
                        default="prospect",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("domain", models.CharField(blank=True, max_length=253, verbose_name="web domain")),
                ("industry", models.CharField(blank=True, max_length=80, verbose_name="industry")),
                ("employees", models.PositiveIntegerField(blank=True, null=True, verbose_name="employees")),
                (
                    "annual_revenue",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="annual revenue"
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        blank=True,
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "Use the three letters of ISO 4217, such as EUR."
                            )
                        ],
                        verbose_name="currency",
                    ),
                ),
                (
                    "founded_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="founded"),
                ),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="city")),
                (
                    "latitude",
                    models.FloatField(blank=True, editable=False, null=True, verbose_name="latitude"),
                ),
                (
                    "longitude",
                    models.FloatField(blank=True, editable=False, null=True, verbose_name="longitude"),
                ),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="source")),
                ("external_id", models.CharField(blank=True, max_length=120, verbose_name="external id")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "last_activity_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last activity"),
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subsidiaries",
                        to="contacts.company",
                        verbose_name="parent company",
                    ),
                ),
                (
                    "tags",
                    models.ManyToManyField(
                        blank=True, related_name="companies", to="core.tag", verbose_name="tags"
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
                "verbose_name": "company",
                "verbose_name_plural": "companies",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("latitude__isnull", False)),
                        fields=["latitude", "longitude"],
                        name="contacts_company_where",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["sort_name", "id"],
                        name="contacts_company_name",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["owner", "sort_name", "id"],
                        name="contacts_company_owner",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["team", "sort_name", "id"],
                        name="contacts_company_team",
                    ),
                    models.Index(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=["external_id"],
                        name="contacts_company_external",
                    ),
                    models.Index(
                        django.db.models.functions.text.Upper("domain"),
                        condition=models.Q(("domain", ""), _negated=True),
                        name="contacts_company_domain",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["sort_name"], name="contacts_company_trgm", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="contacts_company_not_own_parent",
                        violation_error_message="A company can't be its own parent.",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
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
                (
                    "a",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contacts.company",
                    ),
                ),
                (
                    "b",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.company"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "possible duplicate company",
                "verbose_name_plural": "possible duplicate companies",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["score", "id"],
                        name="contacts_companyduplicate_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("a", "b"), name="contacts_companyduplicate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("a__lt", models.F("b"))), name="contacts_companyduplicate_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0), ("score__lte", 1)),
                        name="contacts_companyduplicate_score",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SegmentState",
            fields=[
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
                ("bits", contacts.models.upkeep.VarBitField()),
                ("due_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="contacts_segmentstate_due",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="contact",
            name="company",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The company of the primary affiliation, kept here for lists.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="main_contacts",
                to="contacts.company",
                verbose_name="company",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="tags",
            field=models.ManyToManyField(
                blank=True, related_name="contacts", to="core.tag", verbose_name="tags"
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.team",
                verbose_name="team",
            ),
        ),
        migrations.CreateModel(
            name="Affiliation",
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
                ("title", models.CharField(blank=True, max_length=120, verbose_name="title")),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("decision_maker", "Decision maker"),
                            ("champion", "Champion"),
                            ("influencer", "Influencer"),
                            ("user", "User"),
                            ("finance", "Finance"),
                            ("legal", "Legal"),
                            ("blocker", "Opponent"),
                            ("other", "Other"),
                        ],
                        max_length=60,
                        verbose_name="buying role",
                    ),
                ),
                ("is_primary", models.BooleanField(default=False, verbose_name="primary")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="to")),
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
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliations",
                        to="contacts.company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="affiliations",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deleted_at__isnull", True), ("is_primary", True)),
                        fields=("contact",),
                        name="contacts_affiliation_one_primary",
                        violation_error_message="A person has one primary company.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="contacts_affiliation_order",
                        violation_error_message="“To” is not before “from”.",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Address",
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
                ("label", models.CharField(blank=True, max_length=40, verbose_name="label")),
                ("street", models.CharField(blank=True, max_length=250, verbose_name="street")),
                ("postcode", models.CharField(blank=True, max_length=20, verbose_name="postcode")),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="city")),
                ("region", models.CharField(blank=True, max_length=120, verbose_name="region")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("is_primary", models.BooleanField(db_default=False, default=False, verbose_name="primary")),
                ("latitude", models.FloatField(blank=True, null=True, verbose_name="latitude")),
                ("longitude", models.FloatField(blank=True, null=True, verbose_name="longitude")),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="contacts.company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("postcode", ""), _negated=True),
                        fields=["postcode"],
                        name="contacts_address_postcode",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("company__isnull", True), ("contact__isnull", False)),
                            models.Q(("company__isnull", False), ("contact__isnull", True)),
                            _connector="OR",
                        ),
                        name="contacts_address_one_party",
                        violation_error_message="This belongs to one contact or one company.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Activity",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("note", "Note"),
                            ("email", "E-mail"),
                            ("task", "Task"),
                            ("meeting", "Meeting"),
                            ("visit", "Visit"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=250, verbose_name="subject")),
                ("body", models.TextField(blank=True, verbose_name="notes")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("connected", "Connected"),
                            ("no_answer", "No answer"),
                            ("voicemail", "Left voicemail"),
                            ("busy", "Busy"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        blank=True,
                        choices=[("in", "Incoming"), ("out", "Outgoing")],
                        max_length=3,
                        verbose_name="direction",
                    ),
                ),
                (
                    "duration_minutes",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="minutes"),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                ("occurred_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                ("external_id", models.CharField(blank=True, max_length=120, verbose_name="external id")),
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
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="contacts.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="contacts.contact",
                        verbose_name="contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "activity",
                "verbose_name_plural": "activities",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["contact", "-occurred_at"], name="contacts_activity_contact"),
                    models.Index(fields=["company", "-occurred_at"], name="contacts_activity_company"),
                    models.Index(
                        condition=models.Q(
                            ("deleted_at__isnull", True), ("done_at__isnull", True), ("due_at__isnull", False)
                        ),
                        fields=["owner", "due_at"],
                        name="contacts_activity_open",
                    ),
                    models.Index(fields=["occurred_at", "id"], name="contacts_activity_when"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
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
                (
                    "a",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contacts.contact",
                    ),
                ),
                (
                    "b",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contacts.contact"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "possible duplicate",
                "verbose_name_plural": "possible duplicates",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["score", "id"],
                        name="contacts_contactduplicate_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("a", "b"), name="contacts_contactduplicate_once"),
                    models.CheckConstraint(
                        condition=models.Q(("a__lt", models.F("b"))), name="contacts_contactduplicate_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0), ("score__lte", 1)),
                        name="contacts_contactduplicate_score",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("mobile", "Mobile"),
                            ("website", "Website"),
                            ("social", "Social"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=40, verbose_name="label")),
                ("value", models.CharField(max_length=320, verbose_name="value")),
                ("normalised", models.CharField(editable=False, max_length=320)),
                ("is_primary", models.BooleanField(default=False, verbose_name="primary")),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                ("bounced_at", models.DateTimeField(blank=True, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="contacts.company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["normalised"], name="contacts_point_prefix", opclasses=["varchar_pattern_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["normalised"], name="contacts_point_trgm", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(
                        models.Func(
                            models.Func(
                                models.Func(
                                    models.F("normalised"),
                                    models.Value("@"),
                                    models.Value(1),
                                    function="split_part",
                                ),
                                models.Value("+"),
                                models.Value(1),
                                function="split_part",
                            ),
                            models.Value("[^a-z]"),
                            models.Value(""),
                            models.Value("g"),
                            function="regexp_replace",
                            output_field=models.CharField(),
                        ),
                        condition=models.Q(("kind", "email")),
                        name="contacts_point_letters",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("company__isnull", True), ("contact__isnull", False)),
                            models.Q(("company__isnull", False), ("contact__isnull", True)),
                            _connector="OR",
                        ),
                        name="contacts_contactpoint_one_party",
                        violation_error_message="This belongs to one contact or one company.",
                    ),
                    models.UniqueConstraint(
                        fields=("contact", "kind", "normalised"), name="contacts_contactpoint_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPreference",
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
                    "frequency",
                    models.CharField(
                        choices=[
                            ("any", "As they come"),
                            ("weekly", "Once a week at most"),
                            ("monthly", "Once a month at most"),
                        ],
                        default="any",
                        max_length=8,
                        verbose_name="how often",
                    ),
                ),
                ("paused_until", models.DateField(blank=True, null=True, verbose_name="no mailings before")),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preference",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "preferences",
                "verbose_name_plural": "preferences",
            },
        ),
        migrations.CreateModel(
            name="CustomerMetric",
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
                    "status",
                    models.CharField(
                        choices=[("scored", "Scored"), ("not_enough_data", "Not enough data")], max_length=16
                    ),
                ),
                ("as_of", models.DateTimeField(verbose_name="as of")),
                ("orders", models.PositiveIntegerField(default=0, verbose_name="orders")),
                ("first_order_at", models.DateTimeField(null=True, verbose_name="first order")),
                ("last_order_at", models.DateTimeField(null=True, verbose_name="last order")),
                ("usual_gap_days", models.FloatField(null=True, verbose_name="usual gap")),
                (
                    "total_spend",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=18, verbose_name="spent so far"
                    ),
                ),
                (
                    "average_order",
                    models.DecimalField(
                        decimal_places=2, max_digits=18, null=True, verbose_name="average order"
                    ),
                ),
                (
                    "lifetime_value",
                    models.DecimalField(
                        decimal_places=2, max_digits=18, null=True, verbose_name="value of the next 12 months"
                    ),
                ),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("expected_orders", models.FloatField(null=True, verbose_name="expected orders")),
                ("alive", models.FloatField(null=True, verbose_name="chance of being active")),
                ("churn", models.FloatField(null=True, verbose_name="churn risk")),
                ("horizon_days", models.PositiveSmallIntegerField(default=90)),
                ("recency_score", models.PositiveSmallIntegerField(null=True, verbose_name="recency score")),
                (
                    "frequency_score",
                    models.PositiveSmallIntegerField(null=True, verbose_name="frequency score"),
                ),
                (
                    "monetary_score",
                    models.PositiveSmallIntegerField(null=True, verbose_name="monetary score"),
                ),
                ("reasons", models.JSONField(default=list, verbose_name="reasons")),
                ("run_id", models.BigIntegerField(null=True, verbose_name="model run")),
                (
                    "company",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="metric",
                        to="contacts.company",
                    ),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="metric",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "metric",
                "verbose_name_plural": "metrics",
                "indexes": [
                    models.Index(fields=["churn"], name="contacts_metric_churn"),
                    models.Index(fields=["lifetime_value"], name="contacts_metric_value"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("company__isnull", True), ("contact__isnull", False)),
                            models.Q(("company__isnull", False), ("contact__isnull", True)),
                            _connector="OR",
                        ),
                        name="contacts_metric_one_party",
                        violation_error_message="This belongs to one contact or one company.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
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
                ("token", models.CharField(max_length=32, unique=True)),
                ("contact_number", models.BigIntegerField(verbose_name="contact")),
                ("contact_created_at", models.DateTimeField()),
                (
                    "digests",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="erased")),
                ("cause", models.CharField(blank=True, max_length=120, verbose_name="cause")),
                ("outcome", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
                "indexes": [models.Index(fields=["contact_number"], name="contacts_erasure_contact")],
            },
        ),
        migrations.CreateModel(
            name="KeptSegment",
            fields=[
                (
                    "segment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="kept",
                        serialize=False,
                        to="contacts.segment",
                    ),
                ),
                ("slot", models.PositiveIntegerField(unique=True)),
                ("fingerprint", models.CharField(max_length=64)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("filled_to", models.BigIntegerField(default=0, null=True)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("filled_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="LegalHold",
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
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("placed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="placed")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legal_holds",
                        to="contacts.contact",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "legal hold",
                "verbose_name_plural": "legal holds",
                "indexes": [
                    models.Index(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=["contact"],
                        name="contacts_hold_active",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LifecycleChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("subscriber", "Subscriber"),
                            ("lead", "Lead"),
                            ("opportunity", "Opportunity"),
                            ("customer", "Customer"),
                            ("former", "Former customer"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("subscriber", "Subscriber"),
                            ("lead", "Lead"),
                            ("opportunity", "Opportunity"),
                            ("customer", "Customer"),
                            ("former", "Former customer"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("cause", models.CharField(max_length=60)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lifecycle_changes",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "lifecycle move",
                "verbose_name_plural": "lifecycle moves",
                "indexes": [
                    models.Index(fields=["contact", "-at", "-id"], name="contacts_lifecycle_contact")
                ],
            },
        ),
        migrations.CreateModel(
            name="LifecycleRule",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "from_stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("subscriber", "Subscriber"),
                            ("lead", "Lead"),
                            ("opportunity", "Opportunity"),
                            ("customer", "Customer"),
                            ("former", "Former customer"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="from",
                    ),
                ),
                (
                    "to_stage",
                    models.CharField(
                        choices=[
                            ("subscriber", "Subscriber"),
                            ("lead", "Lead"),
                            ("opportunity", "Opportunity"),
                            ("customer", "Customer"),
                            ("former", "Former customer"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="to",
                    ),
                ),
                ("rule", models.JSONField(blank=True, default=dict)),
                ("is_automatic", models.BooleanField(default=False, verbose_name="moves people by itself")),
                ("is_active", models.BooleanField(default=True, verbose_name="in force")),
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
                "verbose_name": "lifecycle rule",
                "verbose_name_plural": "lifecycle rules",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_stage", models.F("to_stage")), _negated=True),
                        name="contacts_lifecyclerule_moves",
                        violation_error_message="A rule leads to another stage than it starts from.",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("review__gte", 0.3), ("safe__gte", models.F("review")), ("safe__lte", 1)
                        ),
                        name="contacts_matchingsettings_order",
                        violation_error_message="“Safe from” is at least “show from”, and that at least 0.30.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeLog",
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
                ("survivor_id", models.BigIntegerField()),
                (
                    "merged_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("page", "By hand"),
                            ("api", "API"),
                            ("command", "Command"),
                            ("job", "By itself"),
                        ],
                        default="page",
                        max_length=8,
                        verbose_name="how",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                ("choices", models.JSONField(default=dict)),
                ("marks", models.JSONField(default=dict)),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="undone")),
                ("kept", models.JSONField(default=list)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="contacts.company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="contacts.contact",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "merge",
                "verbose_name_plural": "merges",
                "indexes": [
                    models.Index(fields=["record_type", "survivor_id"], name="contacts_mergelog_survivor")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("company__isnull", True), ("contact__isnull", False)),
                            models.Q(("company__isnull", False), ("contact__isnull", True)),
                            _connector="OR",
                        ),
                        name="contacts_mergelog_one_party",
                        violation_error_message="This belongs to one contact or one company.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeRule",
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
                    "record_type",
                    models.CharField(
                        choices=[("contact", "Contact"), ("company", "Company")],
                        max_length=40,
                        verbose_name="record type",
                    ),
                ),
                ("field", models.CharField(max_length=60, verbose_name="field")),
                (
                    "policy",
                    models.CharField(
                        choices=[
                            ("survivor", "The value of the record that stays"),
                            ("fullest", "The same, unless another writes it out in full"),
                            ("newest", "The value of the record changed last"),
                            ("oldest", "The value of the oldest record"),
                            ("furthest", "The stage that is furthest on"),
                            ("together", "All texts, one below the other"),
                            ("any", "Yes, if any of them says yes"),
                        ],
                        max_length=10,
                        verbose_name="takes",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge rule",
                "verbose_name_plural": "merge rules",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_type", "field"),
                        name="contacts_mergerule_once",
                        violation_error_message="There is a rule for this field.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[("M", "Moved"), ("U", "Changed"), ("D", "Removed"), ("I", "Added")],
                        max_length=1,
                    ),
                ),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                (
                    "log",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="contacts.mergelog",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a merge",
                "verbose_name_plural": "steps of a merge",
            },
        ),
        migrations.CreateModel(
            name="Persona",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                ("goals", models.TextField(blank=True, verbose_name="what they want")),
                ("frustrations", models.TextField(blank=True, verbose_name="what gets in their way")),
                ("approach", models.TextField(blank=True, verbose_name="how to talk to them")),
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
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="personas",
                        to="contacts.segment",
                        verbose_name="segment",
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
                "verbose_name": "persona",
                "verbose_name_plural": "personas",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("country", models.CharField(max_length=2)),
                ("kind", models.CharField(max_length=1)),
                ("key", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("population", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["key", "kind", "country", "-population"], name="contacts_place_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="PrivacyRequest",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "Access"),
                            ("correction", "Correction"),
                            ("erasure", "Erasure"),
                            ("objection", "Objection"),
                            ("question", "Question"),
                        ],
                        max_length=12,
                        verbose_name="what is asked for",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("held", "On legal hold"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                        ],
                        default="open",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=320, verbose_name="address")),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="how it came")),
                ("details", models.TextField(blank=True, verbose_name="details")),
                ("changes", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "received_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="received"),
                ),
                ("due_at", models.DateTimeField(verbose_name="answer by")),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed"),
                ),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="privacy_requests",
                        to="contacts.contact",
                        verbose_name="contact",
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
                "verbose_name": "privacy request",
                "verbose_name_plural": "privacy requests",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["due_at", "id"],
                        name="contacts_request_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("state__in", ["open", "held"])),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("state__in", ["open", "held"]), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="contacts_privacyrequest_closed",
                        violation_error_message="A closed request says when it was closed.",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="QualitySnapshot",
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
                ("day", models.DateField(verbose_name="day")),
                ("record_type", models.CharField(max_length=40)),
                ("measure", models.CharField(max_length=60)),
                ("source", models.CharField(max_length=120, null=True)),
                ("records", models.PositiveIntegerField()),
                ("flawed", models.PositiveIntegerField()),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="core.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "data quality of a day",
                "verbose_name_plural": "data quality of days",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "record_type", "measure", "team", "source"),
                        name="contacts_qualitysnapshot_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QualityTarget",
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
                ("measure", models.CharField(max_length=60)),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="target (%)",
                    ),
                ),
            ],
            options={
                "verbose_name": "target of data quality",
                "verbose_name_plural": "targets of data quality",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_type", "measure"), name="contacts_qualitytarget_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__lte", 100)),
                        name="contacts_qualitytarget_percent",
                        violation_error_message="A target is at most 100 percent.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RelationshipKind",
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
                (
                    "name",
                    models.CharField(help_text="Such as “reports to”.", max_length=80, verbose_name="name"),
                ),
                (
                    "inverse_name",
                    models.CharField(
                        blank=True,
                        help_text="Such as “is manager of”.",
                        max_length=80,
                        verbose_name="name from the other end",
                    ),
                ),
                ("is_symmetric", models.BooleanField(default=False, verbose_name="the same from both ends")),
                ("is_hierarchy", models.BooleanField(default=False, verbose_name="one above, no circles")),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                ("position", models.PositiveIntegerField(default=100, verbose_name="position")),
            ],
            options={
                "verbose_name": "kind of relationship",
                "verbose_name_plural": "kinds of relationships",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="contacts_relationshipkind_name",
                        violation_error_message="There is a kind of this name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_symmetric", False), ("is_hierarchy", False), _connector="OR"),
                        name="contacts_relationshipkind_direction",
                        violation_error_message="What is the same from both ends can't have somebody above.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relationship",
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
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relationships",
                        to="contacts.contact",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relationships_from_others",
                        to="contacts.contact",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relationships",
                        to="contacts.relationshipkind",
                    ),
                ),
            ],
            options={
                "verbose_name": "relationship",
                "verbose_name_plural": "relationships",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contact", "other", "kind"),
                        name="contacts_relationship_once",
                        violation_error_message="They stand in this relationship already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("contact", models.F("other")), _negated=True),
                        name="contacts_relationship_two_people",
                        violation_error_message="Nobody stands in a relationship to themselves.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SegmentBaseline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField()),
                (
                    "members",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("at", models.DateTimeField()),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="baselines",
                        to="contacts.segment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("segment", "revision", "first_id"), name="contacts_segmentbaseline_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SegmentMember",
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
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="static_segments",
                        to="contacts.contact",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="contacts.segment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("segment", "contact"), name="contacts_segmentmember_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SegmentPassage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("entered", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="contacts.contact",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="contacts.segment",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["segment", "at", "id"], name="contacts_passage_segment"),
                    models.Index(fields=["contact", "id"], name="contacts_passage_contact"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SegmentTouch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=63)),
                (
                    "contact",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="contacts.contact",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StandardisingRun",
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
                ("rules", models.JSONField(default=list, verbose_name="what is standardised")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("finding", "Searching"),
                            ("found", "To be looked at"),
                            ("applying", "Being applied"),
                            ("applied", "Applied"),
                            ("undone", "Undone"),
                        ],
                        default="finding",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("found", models.PositiveIntegerField(default=0, verbose_name="found")),
                ("capped", models.BooleanField(default=False)),
                ("applied", models.PositiveIntegerField(default=0, verbose_name="applied")),
                (
                    "apply_job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.job",
                    ),
                ),
                (
                    "find_job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.job",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undo_job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.job",
                    ),
                ),
            ],
            options={
                "verbose_name": "standardising",
                "verbose_name_plural": "standardisings",
            },
        ),
        migrations.CreateModel(
            name="StandardChange",
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
                ("rule", models.CharField(max_length=20)),
                ("target", models.CharField(max_length=60)),
                ("target_pk", models.BigIntegerField()),
                ("field", models.CharField(max_length=40)),
                ("before", models.CharField(max_length=320, verbose_name="before")),
                ("after", models.CharField(max_length=320, verbose_name="after")),
                ("chosen", models.BooleanField(default=True, verbose_name="chosen")),
                ("outcome", models.CharField(blank=True, max_length=8)),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contacts.company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contacts.contact",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="contacts.standardisingrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "standardised value",
                "verbose_name_plural": "standardised values",
                "indexes": [models.Index(fields=["run", "id"], name="contacts_standard_run")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("company__isnull", True), ("contact__isnull", False)),
                            models.Q(("company__isnull", False), ("contact__isnull", True)),
                            _connector="OR",
                        ),
                        name="contacts_standardchange_one_party",
                        violation_error_message="This belongs to one contact or one company.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Suppression",
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
                ("address", models.CharField(max_length=320, verbose_name="address")),
                (
                    "reach",
                    models.CharField(
                        choices=[("marketing", "Marketing"), ("all", "Everything")],
                        default="marketing",
                        max_length=9,
                        verbose_name="what is not sent",
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("unsubscribed", "Unsubscribed"),
                            ("bounced", "Bounced"),
                            ("complained", "Complained"),
                            ("manual", "By hand"),
                            ("erased", "Erased"),
                        ],
                        max_length=12,
                        verbose_name="cause",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("address", "reach"), name="contacts_suppression_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TimelineEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("occurred_at", models.DateTimeField()),
                ("title", models.CharField(blank=True, max_length=300)),
                ("body", models.TextField(blank=True)),
                ("data", models.JSONField(default=dict)),
                ("record_type", models.CharField(blank=True, max_length=40)),
                ("object_id", models.BigIntegerField(null=True)),
                ("dedupe_key", models.CharField(max_length=120, unique=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="timeline",
                        to="contacts.company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="timeline",
                        to="contacts.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "timeline entry",
                "verbose_name_plural": "timeline entries",
                "indexes": [
                    models.Index(fields=["contact", "occurred_at", "id"], name="contacts_timeline_contact"),
                    models.Index(fields=["company", "occurred_at", "id"], name="contacts_timeline_company"),
                    models.Index(fields=["record_type", "object_id"], name="contacts_timeline_record"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ValueSource",
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
                ("field", models.CharField(max_length=40, verbose_name="field")),
                ("value", models.CharField(max_length=320, verbose_name="value")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("mail_domain", "the mail domain"),
                            ("signature", "a mail signature"),
                            ("website", "the company's site"),
                        ],
                        max_length=12,
                        verbose_name="source",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="where exactly")),
                (
                    "confidence",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="confidence (%)",
                    ),
                ),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="found")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("suggested", "Suggested"),
                            ("accepted", "Accepted"),
                            ("dismissed", "Dismissed"),
                        ],
                        default="suggested",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="value_sources",
                        to="contacts.company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="value_sources",
                        to="contacts.contact",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "source of a value",
                "verbose_name_plural": "sources of values",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("company__isnull", True), ("contact__isnull", False)),
                            models.Q(("company__isnull", False), ("contact__isnull", True)),
                            _connector="OR",
                        ),
                        name="contacts_valuesource_one_party",
                        violation_error_message="This belongs to one contact or one company.",
                    ),
                    models.UniqueConstraint(
                        fields=("contact", "field", "value"), name="contacts_valuesource_contact"
                    ),
                    models.UniqueConstraint(
                        fields=("company", "field", "value"), name="contacts_valuesource_company"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wording",
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
                ("key", models.SlugField(max_length=60, verbose_name="key")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("text", models.TextField(verbose_name="text")),
            ],
            options={
                "verbose_name": "wording",
                "verbose_name_plural": "wordings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "version", "language"),
                        name="contacts_wording_once",
                        violation_error_message="This version exists in this language.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OptIn",
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
                ("address", models.CharField(max_length=320, verbose_name="address")),
                ("first_name", models.CharField(blank=True, max_length=100, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=100, verbose_name="last name")),
                ("purposes", models.JSONField(default=list, verbose_name="purposes")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("sms", "Text message"),
                            ("post", "Post"),
                        ],
                        default="email",
                        max_length=20,
                        verbose_name="channel",
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                ("nonce", models.CharField(max_length=40, unique=True)),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("mails", models.PositiveSmallIntegerField(default=0)),
                ("mailed_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opt_ins",
                        to="contacts.contact",
                    ),
                ),
                (
                    "wording_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.wording",
                    ),
                ),
            ],
            options={
                "verbose_name": "confirmation asked for",
                "verbose_name_plural": "confirmations asked for",
                "indexes": [
                    models.Index(fields=["address"], name="contacts_optin_address"),
                    models.Index(
                        condition=models.Q(("confirmed_at__isnull", True)),
                        fields=["expires_at"],
                        name="contacts_optin_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                ("purpose", models.CharField(default="marketing", max_length=60, verbose_name="purpose")),
                ("channel", models.CharField(default="email", max_length=20, verbose_name="channel")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Asked, not confirmed"),
                            ("granted", "Given"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("consent", "Consent"),
                            ("contract", "Contract"),
                            ("legitimate_interest", "Legitimate interest"),
                            ("legal_obligation", "Legal obligation"),
                        ],
                        default="consent",
                        max_length=20,
                        verbose_name="legal basis",
                    ),
                ),
                ("wording", models.TextField(blank=True, verbose_name="wording")),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="contacts.contact",
                    ),
                ),
                (
                    "wording_version",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contacts.wording",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["contact", "purpose", "channel", "-at", "-id"], name="contacts_consent_newest"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ActivityLink",
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
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="contacts.activity",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["record_type", "object_id"], name="contacts_link_record")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("activity", "record_type", "object_id"), name="contacts_activitylink_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["owner", "sort_name", "id"],
                name="contacts_contact_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["team", "sort_name", "id"],
                name="contacts_contact_team",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["company", "sort_name", "id"], name="contacts_contact_company"),
        ),
    ]
