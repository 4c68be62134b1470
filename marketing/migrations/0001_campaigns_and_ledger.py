import django.db.models.deletion
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
            name="Topic",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="description")),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key",),
                        name="marketing_topic_key",
                        violation_error_message="There is a topic with this key.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
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
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("sending", "Sending"),
                            ("paused", "Paused"),
                            ("finished", "Finished"),
                            ("stopped", "Stopped"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("from_name", models.CharField(blank=True, max_length=120, verbose_name="sender's name")),
                ("from_address", models.EmailField(max_length=254, verbose_name="sender's address")),
                ("reply_to", models.EmailField(blank=True, max_length=254, verbose_name="answers go to")),
                (
                    "consent_needed",
                    models.BooleanField(
                        default=True,
                        help_text="Without this, people are left out only when they withdrew their consent.",
                        verbose_name="only people who gave consent",
                    ),
                ),
                (
                    "track",
                    models.BooleanField(
                        default=True,
                        help_text="Links and a picture then carry a signed code.",
                        verbose_name="count opens and clicks",
                    ),
                ),
                ("launched_at", models.DateTimeField(editable=False, null=True, verbose_name="launched")),
                ("finished_at", models.DateTimeField(editable=False, null=True, verbose_name="finished")),
                ("problem", models.CharField(blank=True, editable=False, max_length=300)),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
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
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketing.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "sending")),
                        fields=["state"],
                        name="marketing_campaign_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("launched_at__isnull", False), ("segment__isnull", False)),
                            _connector="OR",
                        ),
                        name="marketing_campaign_launched",
                        violation_error_message="A campaign is launched with a segment.",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Variant",
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
                ("label", models.CharField(default="A", max_length=20)),
                ("subject", models.CharField(blank=True, max_length=250, verbose_name="subject")),
                ("text", models.TextField(blank=True, verbose_name="plain text")),
                ("html", models.TextField(blank=True, verbose_name="HTML")),
                ("targets", models.JSONField(default=list)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="variants",
                        to="marketing.campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "variant",
                "verbose_name_plural": "variants",
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "label"), name="marketing_variant_label")
                ],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
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
                ("address", models.CharField(max_length=320, null=True, verbose_name="address")),
                ("name", models.CharField(blank=True, max_length=210, verbose_name="name")),
                ("values", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("leased", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("suppressed", "Left out"),
                            ("unknown", "Unknown"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_address", "No e-mail address"),
                            ("duplicate_address", "Same address as another person"),
                            ("suppressed", "Address is on the suppression list"),
                            ("do_not_contact", "Do not contact"),
                            ("withdrawn", "Consent withdrawn"),
                            ("no_consent", "No consent"),
                            ("paused", "Mailings paused by the person"),
                            ("too_often", "The person wants mailings less often"),
                            ("bounced", "Address bounced before"),
                            ("stopped", "Campaign stopped"),
                            ("refused", "Refused by the receiving server"),
                            ("unsendable", "Address can't be used in a mail"),
                            ("gave_up", "Put off too often by the receiving server"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("reply", models.CharField(blank=True, max_length=300, verbose_name="server's answer")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField(null=True)),
                ("lease_worker", models.CharField(blank=True, max_length=40)),
                ("lease_token", models.BigIntegerField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("message_id", models.CharField(blank=True, max_length=120)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recipients",
                        to="marketing.campaign",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaign_recipients",
                        to="contacts.contact",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="marketing.variant"
                    ),
                ),
            ],
            options={
                "verbose_name": "recipient",
                "verbose_name_plural": "recipients",
                "indexes": [
                    models.Index(fields=["campaign", "state", "id"], name="marketing_recipient_state"),
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["campaign", "id"],
                        name="marketing_recipient_queue",
                    ),
                    models.Index(
                        condition=models.Q(("state", "leased")),
                        fields=["lease_worker"],
                        name="marketing_recipient_leased",
                    ),
                    models.Index(fields=["contact", "-id"], name="marketing_recipient_contact"),
                    models.Index(
                        condition=models.Q(("message_id", ""), _negated=True),
                        fields=["message_id"],
                        name="marketing_recipient_message",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "address"), name="marketing_recipient_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "suppressed"), ("address__isnull", False), _connector="OR"
                        ),
                        name="marketing_recipient_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "leased"), _negated=True),
                            ("lease_token__isnull", False),
                            _connector="OR",
                        ),
                        name="marketing_recipient_lease",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Engagement",
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
                            ("open", "Opened"),
                            ("click", "Clicked"),
                            ("unsubscribe", "Unsubscribed"),
                            ("bounce", "Bounced"),
                            ("complaint", "Complained"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        choices=[
                            ("human", "A person"),
                            ("proxy", "Image proxy"),
                            ("scanner", "Security scanner"),
                            ("unknown", "Not known"),
                        ],
                        max_length=8,
                    ),
                ),
                ("link", models.SmallIntegerField(default=-1)),
                ("first_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("times", models.PositiveIntegerField(default=1)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="engagements",
                        to="marketing.campaign",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="engagements",
                        to="marketing.recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "engagement",
                "verbose_name_plural": "engagements",
                "indexes": [
                    models.Index(fields=["campaign", "kind", "evidence"], name="marketing_engagement_result")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recipient", "kind", "link", "evidence"), name="marketing_engagement_once"
                    )
                ],
            },
        ),
    ]
