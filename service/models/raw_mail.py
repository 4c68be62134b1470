"""Received mails as they came, kept before anybody tries to read them."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import SharedScope
from service.enums import RawMailState


class RawMail(BaseModel):
    """The bytes of a received mail and what became of them. `error` says in words why it is no ticket."""

    mailbox = models.CharField(_("mailbox"), max_length=254)
    content = models.FileField(_("mail"), upload_to="mail/%Y/%m/", max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(_("bytes"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    state = models.CharField(
        _("state"), max_length=10, choices=RawMailState.choices, default=RawMailState.KEPT
    )
    sender = models.CharField(_("from"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    error = models.TextField(_("reason"), blank=True)

    record_type: ClassVar[str] = "raw_mail"
    scope = SharedScope()
    privacy = classify(
        technical="mailbox sha256 size received_at state", content_row="content sender subject error"
    )

    class Meta:
        verbose_name = _("received mail")
        verbose_name_plural = _("received mail")
        indexes: ClassVar = [
            models.Index(fields=["state", "received_at", "id"], name="service_rawmail_state"),
            models.Index(fields=["sender", "-received_at"], name="service_rawmail_sender"),
        ]

    def __str__(self) -> str:
        return self.subject or f"#{self.pk}"
