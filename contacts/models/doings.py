"""What happened with people, and the one timeline that shows it."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import ActivityKind, CallOutcome
from contacts.models.parties import Company, Contact
from core.models import BaseModel, CustomValues, Record, ScopedManager
from core.privacy.classes import classify
from core.scope.rules import OwnerOrParentScope, ParentScope


class Activity(Record, CustomValues):
    """A task, call, meeting, e-mail, note or visit. `occurred_at` is when it happened in the world; tasks
    and planned ones have `due_at` and, once done, `done_at`. `owner` is who does it."""

    kind = models.CharField(_("kind"), max_length=8, choices=ActivityKind.choices)
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    company = models.ForeignKey(
        Company,
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    body = models.TextField(_("notes"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=CallOutcome.choices, blank=True)
    direction = models.CharField(
        _("direction"), max_length=3, blank=True, choices=[("in", _("Incoming")), ("out", _("Outgoing"))]
    )
    duration_minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    occurred_at = models.DateTimeField(_("when"), default=timezone.now)
    external_id = models.CharField(_("external id"), max_length=120, blank=True)

    record_type: ClassVar[str] = "activity"
    scope = OwnerOrParentScope("contact", "company")
    privacy = classify(
        technical="contact company external_id",
        business="kind outcome direction duration_minutes due_at done_at occurred_at",
        content_blank="subject body custom",
    )

    class Meta(Record.Meta):
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        indexes: ClassVar = [
            models.Index(fields=["contact", "-occurred_at"], name="contacts_activity_contact"),
            models.Index(fields=["company", "-occurred_at"], name="contacts_activity_company"),
            models.Index(
                fields=["owner", "due_at"],
                name="contacts_activity_open",
                condition=models.Q(done_at__isnull=True, due_at__isnull=False, deleted_at__isnull=True),
            ),
            models.Index(fields=["occurred_at", "id"], name="contacts_activity_when"),
            models.Index(
                fields=["external_id"],
                name="contacts_activity_external",
                condition=~models.Q(external_id=""),
            ),
            GinIndex(OpClass(Upper("subject"), name="gin_trgm_ops"), name="contacts_activity_trgm"),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.get_kind_display())


class ActivityLink(BaseModel):
    """That an activity is also about another record (a deal, a ticket), by type and id."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="links")
    record_type = models.CharField(max_length=40)
    object_id = models.BigIntegerField()

    scope = ParentScope("activity")
    privacy = classify(technical="activity record_type object_id")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["activity", "record_type", "object_id"], name="contacts_activitylink_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["record_type", "object_id"], name="contacts_link_record")]

    def __str__(self) -> str:
        return f"{self.record_type} {self.object_id}"


class TimelineEntry(models.Model):
    """One line of the 360° view. Append-only; `dedupe_key` makes writing it twice harmless."""

    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="timeline")
    company = models.ForeignKey(Company, null=True, on_delete=models.CASCADE, related_name="timeline")
    kind = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()
    actor = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    record_type = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(null=True)
    dedupe_key = models.CharField(max_length=120, unique=True)
    request = models.CharField(max_length=16, null=True, editable=False)
    """The page request or bulk job that wrote it: undoing that takes the line back."""

    history = False  # append-only and derived: it is itself a history of what other tables record
    objects = ScopedManager()
    scope = ParentScope("contact", "company")
    privacy = classify(
        technical="id contact company actor record_type object_id dedupe_key request",
        business="kind occurred_at",
        content_row="title body data",
        base=(),
    )

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")
        indexes: ClassVar = [
            models.Index(fields=["contact", "occurred_at", "id"], name="contacts_timeline_contact"),
            models.Index(fields=["company", "occurred_at", "id"], name="contacts_timeline_company"),
            models.Index(fields=["record_type", "object_id"], name="contacts_timeline_record"),
            models.Index(
                fields=["request"],
                name="contacts_timeline_request",
                condition=models.Q(request__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title
