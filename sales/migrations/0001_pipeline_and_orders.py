import datetime
from decimal import Decimal

import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contacts", "0001_people_and_companies"),
        ("core", "0001_people_and_kernel"),
        ("core", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deal",
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
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        editable=False,
                        max_length=4,
                        verbose_name="status",
                    ),
                ),
                (
                    "stage_since",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="in stage since"
                    ),
                ),
                (
                    "probability",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="probability (%)",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=18,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="amount",
                    ),
                ),
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
                (
                    "rate_to_base",
                    models.DecimalField(decimal_places=8, default=1, editable=False, max_digits=18),
                ),
                (
                    "rate_date",
                    models.DateField(
                        default=django.utils.timezone.localdate,
                        editable=False,
                        verbose_name="date of the rate",
                    ),
                ),
                (
                    "base_amount",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        editable=False,
                        max_digits=18,
                        verbose_name="amount in base currency",
                    ),
                ),
                ("expected_close", models.DateField(blank=True, null=True, verbose_name="expected close")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="opened")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "lost_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("price", "Price"),
                            ("competitor", "Chose a competitor"),
                            ("no_budget", "No budget"),
                            ("no_decision", "No decision"),
                            ("timing", "Bad timing"),
                            ("fit", "Does not fit the need"),
                            ("no_answer", "No answer any more"),
                            ("other", "Another reason"),
                        ],
                        max_length=12,
                        verbose_name="lost because of",
                    ),
                ),
                (
                    "won_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("product", "Product"),
                            ("price", "Price"),
                            ("relationship", "Relationship"),
                            ("service", "Service"),
                            ("delivery", "Time of delivery"),
                            ("other", "Another reason"),
                        ],
                        max_length=12,
                        verbose_name="won because of",
                    ),
                ),
                ("close_note", models.TextField(blank=True, verbose_name="how it ended")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "next_step_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="next step"),
                ),
                ("source", models.CharField(blank=True, max_length=120, verbose_name="source")),
                ("utm", models.JSONField(blank=True, default=dict, editable=False, verbose_name="UTM words")),
                ("external_id", models.CharField(blank=True, max_length=120, verbose_name="external id")),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals",
                        to="contacts.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="main_deals",
                        to="contacts.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "next_step",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="contacts.activity",
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
                    "tags",
                    models.ManyToManyField(
                        blank=True, related_name="deals", to="core.tag", verbose_name="tags"
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
                "verbose_name": "deal",
                "verbose_name_plural": "deals",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True), ("status", "won")),
                        fields=["closed_at", "id"],
                        include=("base_amount", "team", "owner"),
                        name="sales_deal_won",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["created_at", "id"],
                        name="sales_deal_created",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["team", "created_at", "id"],
                        name="sales_deal_team",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["owner", "created_at", "id"],
                        name="sales_deal_owner",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["sort_name", "id"],
                        name="sales_deal_name",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["base_amount", "id"],
                        name="sales_deal_worth",
                    ),
                    models.Index(
                        django.db.models.functions.comparison.Coalesce(
                            "expected_close", models.Value(datetime.date(9999, 12, 31))
                        ),
                        models.F("id"),
                        condition=models.Q(("deleted_at__isnull", True)),
                        name="sales_deal_close",
                    ),
                    models.Index(fields=["company", "status"], name="sales_deal_company"),
                    models.Index(fields=["contact", "status"], name="sales_deal_contact"),
                    models.Index(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=["external_id"],
                        name="sales_deal_external",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["sort_name"], name="sales_deal_trgm", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__isnull", True), ("amount__gte", Decimal("0")), _connector="OR"
                        ),
                        name="sales_deal_amount",
                        violation_error_message="An amount is not negative.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("probability__lte", 100)),
                        name="sales_deal_probability",
                        violation_error_message="A probability is at most 100.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("status", "open")),
                            models.Q(
                                models.Q(("status", "open"), _negated=True), ("closed_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="sales_deal_closed_when_decided",
                        violation_error_message="Won and lost deals have a closing date, open ones have none.",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Order",
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
                ("number", models.CharField(blank=True, max_length=60, verbose_name="number")),
                (
                    "ordered_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="ordered"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("placed", "Placed"),
                            ("delivered", "Delivered"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="placed",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("is_cancellation", models.BooleanField(default=False, verbose_name="cancellation")),
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
                (
                    "total",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=18, verbose_name="total"
                    ),
                ),
                (
                    "rate_to_base",
                    models.DecimalField(decimal_places=8, default=1, editable=False, max_digits=18),
                ),
                (
                    "rate_date",
                    models.DateField(
                        default=django.utils.timezone.localdate,
                        editable=False,
                        verbose_name="date of the rate",
                    ),
                ),
                (
                    "base_total",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        editable=False,
                        max_digits=18,
                        verbose_name="total in base currency",
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=80, verbose_name="country")),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("external_id", models.CharField(blank=True, max_length=120, verbose_name="external id")),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
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
                        related_name="orders",
                        to="contacts.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="sales.deal",
                        verbose_name="deal",
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
                "verbose_name": "order",
                "verbose_name_plural": "orders",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["contact", "ordered_at"], name="sales_order_contact"),
                    models.Index(fields=["company", "ordered_at"], name="sales_order_company"),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["ordered_at", "id"],
                        name="sales_order_when",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["base_total", "id"],
                        name="sales_order_total",
                    ),
                    models.Index(
                        fields=["number"], name="sales_order_number", opclasses=["varchar_pattern_ops"]
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("external_id", ""), _negated=True), ("deleted_at__isnull", True)
                        ),
                        fields=("source", "external_id"),
                        name="sales_order_once",
                        violation_error_message="This order of this source is here already.",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Pipeline",
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
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_default", models.BooleanField(default=False, verbose_name="default")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "pipeline",
                "verbose_name_plural": "pipelines",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="sales_pipeline_name",
                        violation_error_message="There is a pipeline of this name.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="sales_pipeline_one_default",
                        violation_error_message="One pipeline is the default.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="deal",
            name="pipeline",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deals",
                to="sales.pipeline",
                verbose_name="pipeline",
            ),
        ),
        migrations.CreateModel(
            name="Product",
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
                ("sort_name", models.CharField(default="", editable=False, max_length=200)),
                ("sku", models.CharField(blank=True, max_length=80, verbose_name="SKU")),
                ("category", models.CharField(blank=True, max_length=120, verbose_name="category")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "list_price",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=18, null=True, verbose_name="list price"
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
                ("is_active", models.BooleanField(default=True, verbose_name="sold")),
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
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["sort_name", "id"],
                        name="sales_product_name",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["sort_name"], name="sales_product_trgm", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("sku"),
                        condition=models.Q(
                            ("deleted_at__isnull", True), models.Q(("sku", ""), _negated=True)
                        ),
                        name="sales_product_sku",
                        violation_error_message="There is a product with this SKU.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("list_price__isnull", True), ("list_price__gte", Decimal("0")), _connector="OR"
                        ),
                        name="sales_product_price",
                        violation_error_message="A list price is not negative.",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="OrderLine",
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
                ("description", models.CharField(blank=True, max_length=250, verbose_name="description")),
                (
                    "quantity",
                    models.DecimalField(decimal_places=3, default=1, max_digits=14, verbose_name="quantity"),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=18, verbose_name="unit price"
                    ),
                ),
                (
                    "total",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=18, verbose_name="total"
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="sales.order"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order_lines",
                        to="sales.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "order line",
                "verbose_name_plural": "order lines",
            },
        ),
        migrations.CreateModel(
            name="DealLine",
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
                ("description", models.CharField(blank=True, max_length=250, verbose_name="description")),
                (
                    "quantity",
                    models.DecimalField(decimal_places=3, default=1, max_digits=14, verbose_name="quantity"),
                ),
                (
                    "unit_price",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=18, verbose_name="unit price"
                    ),
                ),
                (
                    "discount_percent",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=5, verbose_name="discount (%)"
                    ),
                ),
                (
                    "total",
                    models.DecimalField(
                        decimal_places=2, default=0, editable=False, max_digits=18, verbose_name="total"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="sales.deal"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deal_lines",
                        to="sales.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "line",
                "verbose_name_plural": "lines",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)),
                        name="sales_dealline_quantity",
                        violation_error_message="A quantity is greater than zero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("discount_percent__gte", 0), ("discount_percent__lte", 100)),
                        name="sales_dealline_discount",
                        violation_error_message="A discount is from 0 to 100 percent.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quota",
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
                    "period",
                    models.CharField(
                        choices=[("month", "Month"), ("quarter", "Quarter"), ("year", "Year")],
                        max_length=7,
                        verbose_name="period",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="amount")),
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
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "target",
                "verbose_name_plural": "targets",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "team", "period", "starts_on"),
                        name="sales_quota_once",
                        nulls_distinct=False,
                        violation_error_message="There is a target for this period already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", Decimal("0"))),
                        name="sales_quota_positive",
                        violation_error_message="A target is greater than zero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__day", 1)),
                        name="sales_quota_first_day",
                        violation_error_message="A period starts on the first day of a month.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
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
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "probability",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="probability (%)",
                    ),
                ),
                (
                    "rot_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="rots after (days)"),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        max_length=4,
                        verbose_name="means",
                    ),
                ),
                (
                    "pipeline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="sales.pipeline",
                    ),
                ),
            ],
            options={
                "verbose_name": "stage",
                "verbose_name_plural": "stages",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("pipeline"),
                        django.db.models.functions.text.Lower("name"),
                        name="sales_stage_name",
                        violation_error_message="The pipeline has a stage of this name.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "open"), _negated=True),
                        fields=("pipeline", "outcome"),
                        name="sales_stage_one_end",
                        violation_error_message="A pipeline has one stage for won and one for lost deals.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("probability__lte", 100)),
                        name="sales_stage_probability",
                        violation_error_message="A probability is at most 100.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DealTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deals", models.BigIntegerField()),
                ("base_amount", models.DecimalField(decimal_places=2, max_digits=24)),
                ("weighted_percent", models.DecimalField(decimal_places=2, max_digits=26)),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="core.team",
                    ),
                ),
                (
                    "pipeline",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sales.pipeline",
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sales.stage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DealStageChange",
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
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "days_in_stage",
                    models.DecimalField(
                        decimal_places=3, max_digits=9, null=True, verbose_name="days in stage"
                    ),
                ),
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
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stage_changes",
                        to="sales.deal",
                    ),
                ),
                (
                    "from_stage",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sales.stage",
                    ),
                ),
                (
                    "to_stage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sales.stage"
                    ),
                ),
            ],
            options={
                "verbose_name": "stage change",
                "verbose_name_plural": "stage changes",
                "indexes": [
                    models.Index(fields=["deal", "at", "id"], name="sales_stagechange_deal"),
                    models.Index(fields=["to_stage", "at"], name="sales_stagechange_stage"),
                ],
            },
        ),
        migrations.AddField(
            model_name="deal",
            name="stage",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deals",
                to="sales.stage",
                verbose_name="stage",
            ),
        ),
        migrations.CreateModel(
            name="DealContact",
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
                        max_length=14,
                        verbose_name="role",
                    ),
                ),
                ("is_primary", models.BooleanField(default=False, verbose_name="primary")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deal_contacts",
                        to="contacts.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deal_contacts",
                        to="sales.deal",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact of a deal",
                "verbose_name_plural": "contacts of a deal",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("deal", "contact"),
                        name="sales_dealcontact_once",
                        violation_error_message="This person is on the deal already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_primary", True)),
                        fields=("deal",),
                        name="sales_dealcontact_one_primary",
                        violation_error_message="A deal has one primary contact.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True), ("status", "open")),
                fields=["stage", "next_step_at", "id"],
                name="sales_deal_board",
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True), ("status", "open"), ("next_step_at", None)),
                fields=["stage", "id"],
                include=("team", "owner"),
                name="sales_deal_no_step",
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True), ("status", "open")),
                fields=["pipeline", "stage", "team", "owner"],
                include=("base_amount", "probability"),
                name="sales_deal_sums",
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(models.Q(("status", "open"), _negated=True), ("deleted_at__isnull", True)),
                fields=["stage", "closed_at", "id"],
                name="sales_deal_decided",
            ),
        ),
    ]
