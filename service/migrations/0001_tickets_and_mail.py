import datetime

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import service.models.queues
import service.models.tickets


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contacts", "0001_people_and_companies"),
        ("core", "0001_people_and_kernel"),
        ("core", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="RawMail",
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
                ("mailbox", models.CharField(max_length=254, verbose_name="mailbox")),
                ("content", models.FileField(max_length=300, upload_to="mail/%Y/%m/", verbose_name="mail")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField(verbose_name="bytes")),
                (
                    "received_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="received"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("kept", "Kept, not read yet"),
                            ("opened", "Opened a ticket"),
                            ("appended", "Added to a ticket"),
                            ("duplicate", "Received before"),
                            ("bounce", "Delivery report"),
                            ("ignored", "Automatic, not a ticket"),
                            ("held", "Held back: too many from one sender"),
                            ("unreadable", "Unreadable"),
                            ("dismissed", "Looked at and put away"),
                        ],
                        default="kept",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("sender", models.CharField(blank=True, max_length=320, verbose_name="from")),
                ("subject", models.CharField(blank=True, max_length=500, verbose_name="subject")),
                ("error", models.TextField(blank=True, verbose_name="reason")),
            ],
            options={
                "verbose_name": "received mail",
                "verbose_name_plural": "received mail",
                "indexes": [
                    models.Index(fields=["state", "received_at", "id"], name="service_rawmail_state"),
                    models.Index(fields=["sender", "-received_at"], name="service_rawmail_sender"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SlaPolicy",
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
                (
                    "first_response_minutes",
                    models.JSONField(
                        default=service.models.queues.default_first_response,
                        validators=[service.models.queues.check_minutes],
                        verbose_name="minutes to the first answer",
                    ),
                ),
                (
                    "resolution_minutes",
                    models.JSONField(
                        default=service.models.queues.default_resolution,
                        validators=[service.models.queues.check_minutes],
                        verbose_name="minutes to the solution",
                    ),
                ),
                (
                    "week",
                    models.JSONField(
                        blank=True,
                        default=service.models.queues.default_week,
                        help_text="By weekday, 0 is Monday; empty means around the clock.",
                        validators=[service.models.queues.check_week],
                        verbose_name="opening hours",
                    ),
                ),
                (
                    "holidays",
                    models.JSONField(
                        blank=True,
                        default=list,
                        validators=[service.models.queues.check_holidays],
                        verbose_name="holidays",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC",
                        max_length=64,
                        validators=[service.models.queues.check_zone],
                        verbose_name="time zone",
                    ),
                ),
            ],
            options={
                "verbose_name": "service level",
                "verbose_name_plural": "service levels",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="service_slapolicy_name",
                        violation_error_message="There is a service level of this name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Queue",
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
                ("mailbox", models.SlugField(max_length=60, unique=True, verbose_name="mailbox")),
                ("address", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "is_default",
                    models.BooleanField(default=False, verbose_name="takes what names no other queue"),
                ),
                ("on_help_page", models.BooleanField(default=True, verbose_name="offered on the help page")),
                (
                    "confirm_mail",
                    models.BooleanField(
                        default=False,
                        help_text="Tickets from the help page are always confirmed.",
                        verbose_name="confirm tickets that come by e-mail",
                    ),
                ),
                ("signature", models.TextField(blank=True, verbose_name="signature")),
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
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queues",
                        to="service.slapolicy",
                        verbose_name="service level",
                    ),
                ),
            ],
            options={
                "verbose_name": "queue",
                "verbose_name_plural": "queues",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("address"),
                        name="service_queue_address",
                        violation_error_message="Another queue has this address.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="service_queue_one_default",
                        violation_error_message="Another queue is the default already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
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
                ("subject", models.CharField(max_length=250, verbose_name="subject")),
                ("search_text", models.CharField(default="", editable=False, max_length=500)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("open", "Waiting on us"),
                            ("waiting", "Waiting on customer"),
                            ("solved", "Solved"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        editable=False,
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("low", "Low"),
                            ("normal", "Normal"),
                            ("high", "High"),
                            ("urgent", "Urgent"),
                        ],
                        default="normal",
                        max_length=8,
                        verbose_name="priority",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("mail", "E-mail"),
                            ("form", "Help form"),
                            ("agent", "Entered by us"),
                            ("api", "API"),
                        ],
                        default="agent",
                        editable=False,
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("requester_name", models.CharField(blank=True, max_length=200, verbose_name="requester")),
                (
                    "requester_address",
                    models.CharField(blank=True, max_length=320, verbose_name="requester's address"),
                ),
                (
                    "opened_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="opened"
                    ),
                ),
                (
                    "last_message_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="last message"
                    ),
                ),
                (
                    "last_customer_message_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last message of the customer"
                    ),
                ),
                (
                    "first_response_due_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="first answer due"),
                ),
                (
                    "first_responded_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="first answered"),
                ),
                (
                    "resolution_due_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="solution due"),
                ),
                ("paused_seconds", models.BigIntegerField(editable=False, null=True)),
                (
                    "next_due_at",
                    models.DateTimeField(
                        default=datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC),
                        editable=False,
                        verbose_name="due",
                    ),
                ),
                ("solved_at", models.DateTimeField(editable=False, null=True, verbose_name="solved")),
                (
                    "reopened_count",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="reopened"),
                ),
                (
                    "token",
                    models.CharField(
                        default=service.models.tickets.new_token, editable=False, max_length=43, unique=True
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
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
                        related_name="tickets",
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
                    "queue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="service.queue",
                        verbose_name="queue",
                    ),
                ),
                (
                    "tags",
                    models.ManyToManyField(
                        blank=True, related_name="tickets", to="core.tag", verbose_name="tags"
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
                "verbose_name": "ticket",
                "verbose_name_plural": "tickets",
                "abstract": False,
                "base_manager_name": "all_objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["last_message_at", "id"],
                        name="service_ticket_last",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["opened_at", "id"],
                        name="service_ticket_opened",
                    ),
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", True)),
                        fields=["next_due_at", "id"],
                        name="service_ticket_due",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("deleted_at__isnull", True), ("status__in", ["new", "open", "waiting"])
                        ),
                        fields=["status", "next_due_at"],
                        name="service_ticket_open",
                    ),
                    models.Index(fields=["owner", "last_message_at", "id"], name="service_ticket_owner"),
                    models.Index(fields=["team", "last_message_at", "id"], name="service_ticket_team"),
                    models.Index(fields=["contact", "-last_message_at"], name="service_ticket_contact"),
                    models.Index(fields=["company", "-last_message_at"], name="service_ticket_company"),
                    models.Index(fields=["requester_address"], name="service_ticket_requester"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_text"], name="service_ticket_trgm", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("solved_at__isnull", False), ("status__in", ["solved", "closed"])),
                            models.Q(
                                models.Q(("status__in", ["solved", "closed"]), _negated=True),
                                ("solved_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="service_ticket_solved_at",
                        violation_error_message="Solved and closed tickets have a time of solution, others none.",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("all_objects", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Message",
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
                    "direction",
                    models.CharField(
                        choices=[
                            ("in", "From the customer"),
                            ("out", "To the customer"),
                            ("note", "Internal note"),
                        ],
                        max_length=4,
                        verbose_name="direction",
                    ),
                ),
                ("from_name", models.CharField(blank=True, max_length=200, verbose_name="from")),
                ("from_address", models.CharField(blank=True, max_length=320, verbose_name="from address")),
                ("to_addresses", models.TextField(blank=True, verbose_name="to")),
                ("cc_addresses", models.TextField(blank=True, verbose_name="copy to")),
                ("subject", models.CharField(blank=True, max_length=500, verbose_name="subject")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("quoted_text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("message_id", models.CharField(blank=True, max_length=998)),
                ("in_reply_to", models.CharField(blank=True, max_length=998)),
                ("references", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("is_automatic", models.BooleanField(default=False)),
                ("is_participant", models.BooleanField(default=True)),
                ("dedupe_key", models.CharField(editable=False, max_length=64, null=True)),
                (
                    "delivery",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not sent by mail"),
                            ("pending", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Not sent"),
                            ("unknown", "Perhaps sent"),
                            ("bounced", "Came back"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="delivery",
                    ),
                ),
                ("delivery_error", models.CharField(blank=True, max_length=500)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("not_before", models.DateTimeField(default=django.utils.timezone.now)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "author",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ticket_messages",
                        to="contacts.contact",
                    ),
                ),
                (
                    "raw",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="messages",
                        to="service.rawmail",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="service.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "indexes": [
                    models.Index(fields=["ticket", "at", "id"], name="service_message_ticket"),
                    models.Index(
                        condition=models.Q(("message_id", ""), _negated=True),
                        fields=["message_id"],
                        name="service_message_id",
                    ),
                    models.Index(fields=["from_address", "-at"], name="service_message_from"),
                    models.Index(
                        condition=models.Q(("delivery__in", ["pending", "sending"])),
                        fields=["not_before"],
                        name="service_message_due",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("dedupe_key",), name="service_message_once")],
            },
        ),
    ]
