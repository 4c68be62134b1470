"""Tickets: what somebody wants from us, and whose turn it is."""

import secrets
from datetime import UTC, datetime
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Company, Contact
from core.models import CustomValues, Record, Tag
from core.privacy.classes import classify
from service.enums import Channel, TicketPriority, TicketStatus
from service.models.queues import Queue

LIVE = models.Q(deleted_at__isnull=True)
OPEN = models.Q(status__in=["new", "open", "waiting"], deleted_at__isnull=True)
NO_DEADLINE = datetime(9999, 1, 1, tzinfo=UTC)
"""Where lists sort tickets whose clock does not run."""


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Ticket(Record, CustomValues):
    """A request of a customer. Its number is its key.

    `next_due_at` is the earlier of the deadlines whose clock runs (NO_DEADLINE: none does); `paused_seconds`
    is the business time that was left to the solution when the clock stopped. `opened_at` is when the
    customer asked, `last_message_at` when anything was last said. `token` opens the public status page.
    """

    subject = models.CharField(_("subject"), max_length=250)
    search_text = models.CharField(max_length=500, editable=False, default="")
    status = models.CharField(
        _("status"), max_length=8, choices=TicketStatus.choices, default=TicketStatus.NEW, editable=False
    )
    priority = models.CharField(
        _("priority"), max_length=8, choices=TicketPriority.choices, default=TicketPriority.NORMAL
    )
    queue = models.ForeignKey(
        Queue, verbose_name=_("queue"), on_delete=models.PROTECT, related_name="tickets"
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tickets",
    )
    company = models.ForeignKey(
        Company,
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tickets",
    )
    channel = models.CharField(
        _("channel"), max_length=8, choices=Channel.choices, default=Channel.AGENT, editable=False
    )
    requester_name = models.CharField(_("requester"), max_length=200, blank=True)
    requester_address = models.CharField(_("requester's address"), max_length=320, blank=True)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now, editable=False)
    last_message_at = models.DateTimeField(_("last message"), default=timezone.now, editable=False)
    last_customer_message_at = models.DateTimeField(
        _("last message of the customer"), null=True, editable=False
    )
    first_response_due_at = models.DateTimeField(_("first answer due"), null=True, editable=False)
    first_responded_at = models.DateTimeField(_("first answered"), null=True, editable=False)
    resolution_due_at = models.DateTimeField(_("solution due"), null=True, editable=False)
    paused_seconds = models.BigIntegerField(null=True, editable=False)
    next_due_at = models.DateTimeField(_("due"), default=NO_DEADLINE, editable=False)
    solved_at = models.DateTimeField(_("solved"), null=True, editable=False)
    reopened_count = models.PositiveIntegerField(_("reopened"), default=0, editable=False)
    external_id = models.CharField(_("external id"), max_length=120, blank=True, default="", editable=False)
    token = models.CharField(max_length=43, unique=True, default=new_token, editable=False)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="tickets")

    record_type: ClassVar[str] = "ticket"
    privacy = classify(
        technical="queue contact company channel paused_seconds next_due_at token tags external_id",
        business="status priority opened_at last_message_at last_customer_message_at first_response_due_at"
        " first_responded_at resolution_due_at solved_at reopened_count",
        blank="requester_name requester_address search_text",
        content_blank="subject custom",
    )

    class Meta(Record.Meta):
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=["solved", "closed"], solved_at__isnull=False)
                | (~models.Q(status__in=["solved", "closed"]) & models.Q(solved_at__isnull=True)),
                name="service_ticket_solved_at",
                violation_error_message=_("Solved and closed tickets have a time of solution, others none."),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["last_message_at", "id"], name="service_ticket_last", condition=LIVE),
            models.Index(fields=["opened_at", "id"], name="service_ticket_opened", condition=LIVE),
            models.Index(fields=["next_due_at", "id"], name="service_ticket_due", condition=LIVE),
            models.Index(fields=["status", "next_due_at"], name="service_ticket_open", condition=OPEN),
            models.Index(fields=["owner", "last_message_at", "id"], name="service_ticket_owner"),
            models.Index(fields=["team", "last_message_at", "id"], name="service_ticket_team"),
            models.Index(fields=["contact", "-last_message_at"], name="service_ticket_contact"),
            models.Index(fields=["company", "-last_message_at"], name="service_ticket_company"),
            models.Index(fields=["requester_address"], name="service_ticket_requester"),
            models.Index(
                fields=["external_id"], name="service_ticket_external", condition=~models.Q(external_id="")
            ),
            GinIndex(fields=["search_text"], name="service_ticket_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.subject or f"#{self.pk}"

    @property
    def number(self) -> int | None:
        """What people quote: `#42`. It is the key, so that links, subjects and commands agree."""
        return self.pk

    @property
    def is_open(self) -> bool:
        return self.status in (TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.WAITING)

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.next_due_at < timezone.now()

    @property
    def due_at(self) -> datetime | None:
        """The deadline that comes first, or None while no clock runs."""
        return None if self.next_due_at == NO_DEADLINE else self.next_due_at
