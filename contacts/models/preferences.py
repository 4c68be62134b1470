"""What people say about how they want to be written to: wordings, confirmations, preferences."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import Channel, Frequency
from contacts.models.parties import Contact
from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import ParentScope, SharedScope


class Wording(BaseModel):
    """The words under which consent is asked for, in one language. A version is never edited: better words are
    a new version, and the ledger says which one somebody agreed to."""

    key = models.SlugField(_("key"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    language = models.CharField(_("language"), max_length=10)
    text = models.TextField(_("text"))

    record_type: ClassVar[str] = "wording"
    scope = SharedScope()
    privacy = classify(technical="version", business="key language text")

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "version", "language"],
                name="contacts_wording_once",
                violation_error_message=_("This version exists in this language."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version} ({self.language})"


class ContactPreference(BaseModel):
    """How often somebody wants to be written to, and until when not at all; a row only for who said so."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="preference")
    frequency = models.CharField(
        _("how often"), max_length=8, choices=Frequency.choices, default=Frequency.ANY
    )
    paused_until = models.DateField(_("no mailings before"), null=True, blank=True)

    scope = ParentScope("contact")
    privacy = classify(technical="contact", row="frequency paused_until")

    class Meta:
        verbose_name = _("preferences")
        verbose_name_plural = _("preferences")

    def __str__(self) -> str:
        return str(self.get_frequency_display())


class OptIn(BaseModel):
    """A request to be written to that waits for the owner of the address to confirm it (double opt-in).

    Only the confirmation writes consent. `nonce` is what the link in the mail is signed over: a new mail keeps
    it, so that each of the mails works, until the request ends.
    """

    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="opt_ins"
    )
    address = models.CharField(_("address"), max_length=320)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    purposes = models.JSONField(_("purposes"), default=list)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, default=Channel.EMAIL)
    wording_version = models.ForeignKey(
        Wording, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    source = models.CharField(_("source"), max_length=120)
    nonce = models.CharField(max_length=40, unique=True)
    expires_at = models.DateTimeField(_("expires"))
    mails = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    record_type: ClassVar[str] = "opt_in"
    scope = SharedScope()
    privacy = classify(
        technical="contact channel wording_version nonce expires_at mails mailed_at",
        row="address first_name last_name purposes language source confirmed_at",
    )

    class Meta:
        verbose_name = _("confirmation asked for")
        verbose_name_plural = _("confirmations asked for")
        indexes: ClassVar = [
            models.Index(fields=["address"], name="contacts_optin_address"),
            models.Index(
                fields=["expires_at"],
                name="contacts_optin_open",
                condition=models.Q(confirmed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.expires_at > timezone.now()
