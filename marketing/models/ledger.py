"""The send ledger: one line per address of a campaign, and what came of it."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import ParentScope
from marketing.enums import EngagementKind, Evidence, LeftOut, RecipientState
from marketing.models.campaigns import Campaign, Variant


class Recipient(BaseModel):
    """One line of the ledger. `address` is normalised and null where there is none to send to (no address,
    or another line has it). `values` are the merge fields as they were at the launch.

    A lease names its worker's journal (`lease_worker`), ends by itself, and carries a token that every
    result must show. `state` is changed by `services.ledger` alone.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="recipients")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="campaign_recipients"
    )
    address = models.CharField(_("address"), max_length=320, null=True)
    name = models.CharField(_("name"), max_length=210, blank=True)
    values = models.JSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=RecipientState.choices, default=RecipientState.QUEUED
    )
    reason = models.CharField(_("reason"), max_length=20, choices=LeftOut.choices, blank=True)
    reply = models.CharField(_("server's answer"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    lease_worker = models.CharField(max_length=40, blank=True)
    lease_token = models.BigIntegerField(null=True)
    lease_until = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    resolved_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")

    history = False  # the ledger is a record of its own, and each mail would cost three more rows
    scope = ParentScope("campaign")
    privacy = classify(
        technical="campaign variant contact state reason attempts not_before lease_worker lease_token lease_until"
        " message_id sent_at resolved_by",
        row="address name values reply",
    )

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "address"], name="marketing_recipient_once"),
            models.CheckConstraint(
                condition=models.Q(state=RecipientState.SUPPRESSED) | models.Q(address__isnull=False),
                name="marketing_recipient_address",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RecipientState.LEASED) | models.Q(lease_token__isnull=False),
                name="marketing_recipient_lease",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "state", "id"], name="marketing_recipient_state"),
            models.Index(
                fields=["campaign", "id"],
                name="marketing_recipient_queue",
                condition=models.Q(state=RecipientState.QUEUED),
            ),
            models.Index(
                fields=["lease_worker"],
                name="marketing_recipient_leased",
                condition=models.Q(state=RecipientState.LEASED),
            ),
            models.Index(fields=["contact", "-id"], name="marketing_recipient_contact"),
            models.Index(
                fields=["message_id"],
                name="marketing_recipient_message",
                condition=~models.Q(message_id=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.address or str(self.pk)


class Engagement(BaseModel):
    """What was done with a mail, once per kind, link and class of evidence, counted: a script that asks for a
    pixel a million times makes one row."""

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="engagements")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="engagements")
    kind = models.CharField(max_length=12, choices=EngagementKind.choices)
    evidence = models.CharField(max_length=8, choices=Evidence.choices)
    link = models.SmallIntegerField(default=-1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    times = models.PositiveIntegerField(default=1)

    history = False  # a counter that machines move; it is itself the record of what happened
    scope = ParentScope("campaign")
    privacy = classify(technical="recipient campaign", row="kind evidence link first_at last_at times")

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "link", "evidence"], name="marketing_engagement_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "kind", "evidence"], name="marketing_engagement_result")
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.evidence})"
