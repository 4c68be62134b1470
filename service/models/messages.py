"""What was said on a ticket."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import ParentScope
from service.enums import Delivery, Direction
from service.models.raw_mail import RawMail
from service.models.tickets import Ticket


class Message(BaseModel):
    """A mail, a form's text, an answer or an internal note; never edited.

    `text` is what is new in it, `quoted_text` what it repeats; `html` is as it arrived and passes through
    `core.mail.html.sanitise` wherever it is shown. Ids carry no angle brackets; addresses are joined by
    commas, `references` by spaces. `dedupe_key` (Message-ID and body) makes receiving a mail twice harmless.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(_("direction"), max_length=4, choices=Direction.choices)
    author = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="ticket_messages")
    from_name = models.CharField(_("from"), max_length=200, blank=True)
    from_address = models.CharField(_("from address"), max_length=320, blank=True)
    to_addresses = models.TextField(_("to"), blank=True)
    cc_addresses = models.TextField(_("copy to"), blank=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    text = models.TextField(_("text"), blank=True)
    quoted_text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=998, blank=True)
    in_reply_to = models.CharField(max_length=998, blank=True)
    references = models.TextField(blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    is_automatic = models.BooleanField(default=False)
    is_participant = models.BooleanField(default=True)
    dedupe_key = models.CharField(max_length=64, null=True, editable=False)
    raw = models.ForeignKey(RawMail, null=True, on_delete=models.SET_NULL, related_name="messages")
    delivery = models.CharField(_("delivery"), max_length=8, choices=Delivery.choices, blank=True, default="")
    delivery_error = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    scope = ParentScope("ticket")
    privacy = classify(
        technical="ticket author contact message_id in_reply_to references is_automatic"
        " is_participant dedupe_key raw delivery attempts not_before claimed_at sent_at",
        business="at direction",
        blank="from_name from_address to_addresses cc_addresses",
        content_blank="subject text quoted_text html delivery_error",
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dedupe_key"], name="service_message_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ticket", "at", "id"], name="service_message_ticket"),
            models.Index(
                fields=["message_id"], name="service_message_id", condition=~models.Q(message_id="")
            ),
            models.Index(fields=["from_address", "-at"], name="service_message_from"),
            models.Index(
                fields=["not_before"],
                name="service_message_due",
                condition=models.Q(delivery__in=["pending", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.text[:60]

    @property
    def sender(self) -> str:
        """Who said it, as people know them."""
        if self.author_id and self.author is not None:
            return str(self.author)
        return self.from_name or self.from_address or (str(self.contact) if self.contact else "")
