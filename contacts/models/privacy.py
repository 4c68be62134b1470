"""Requests about one's own data, legal holds, and what is remembered of an erasure."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.enums import RequestKind, RequestState
from contacts.models.parties import Contact
from core.models import BaseModel, Record
from core.privacy.classes import classify
from core.scope.rules import ParentScope, SharedScope


class PrivacyRequest(Record):
    """What somebody asked about their own data (Articles 15 to 21 of the GDPR), and by when it is answered.

    The row of an erasure stays as the proof that it was done, without a word about the person.
    """

    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="privacy_requests",
    )
    kind = models.CharField(_("what is asked for"), max_length=12, choices=RequestKind.choices)
    state = models.CharField(
        _("state"), max_length=9, choices=RequestState.choices, default=RequestState.OPEN, editable=False
    )
    address = models.CharField(_("address"), max_length=320, blank=True)
    source = models.CharField(_("how it came"), max_length=120, blank=True)
    details = models.TextField(_("details"), blank=True)
    changes = models.JSONField(default=dict, blank=True, editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    due_at = models.DateTimeField(_("answer by"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        "core.User", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.TextField(_("answer"), blank=True)

    record_type: ClassVar[str] = "privacy_request"
    scope = SharedScope()  # type: ignore[assignment]
    privacy = classify(
        technical="contact closed_by",
        business="kind state due_at closed_at received_at",
        blank="address source",
        content_blank="details changes answer",
    )

    class Meta(Record.Meta):
        verbose_name = _("privacy request")
        verbose_name_plural = _("privacy requests")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, state__in=RequestState.open_states())
                | models.Q(closed_at__isnull=False) & ~models.Q(state__in=RequestState.open_states()),
                name="contacts_privacyrequest_closed",
                violation_error_message=_("A closed request says when it was closed."),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"],
                name="contacts_request_open",
                condition=models.Q(closed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class LegalHold(BaseModel):
    """That somebody's data must be kept for now: who says so, why, and until when (no date: until lifted)."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="legal_holds")
    reason = models.CharField(_("reason"), max_length=300)
    until = models.DateField(_("until"), null=True, blank=True)
    placed_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    lifted_by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(_("lifted"), null=True)

    record_type: ClassVar[str] = "legal_hold"
    scope = ParentScope("contact")
    privacy = classify(
        technical="contact until placed_by placed_at lifted_by lifted_at", content_blank="reason"
    )

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        indexes: ClassVar = [
            models.Index(
                fields=["contact"], name="contacts_hold_active", condition=models.Q(lifted_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Erasure(BaseModel):
    """That a person was erased: no word about who it was. Number and creation time name the row that was
    emptied, keyed digests the addresses; a restored backup is erased again by them (`replay_erasures`).

    `token` names the erasure in the log that is kept apart from the database.
    """

    token = models.CharField(max_length=32, unique=True)
    contact_number = models.BigIntegerField(_("contact"))
    contact_created_at = models.DateTimeField()
    digests = ArrayField(models.CharField(max_length=80), default=list)
    at = models.DateTimeField(_("erased"), default=timezone.now)
    actor = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(_("cause"), max_length=120, blank=True)
    outcome = models.JSONField(default=dict)

    record_type: ClassVar[str] = "erasure"
    scope = SharedScope()
    privacy = classify(technical="token contact_number contact_created_at digests at actor cause outcome")

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        indexes: ClassVar = [models.Index(fields=["contact_number"], name="contacts_erasure_contact")]

    def __str__(self) -> str:
        return f"#{self.contact_number}"


class PrivacySettings(BaseModel):
    """What the organisation decided about requests (one row, pk 1; none: the defaults)."""

    erase_on_request = models.BooleanField(
        _("erase at once who asks for it by their own link"),
        default=False,
        help_text=_(
            "Where the address is theirs alone and no legal hold is in force. Otherwise the request waits in the"
            " register for somebody to carry it out."
        ),
    )

    record_type: ClassVar[str] = "privacy_settings"
    scope = SharedScope()
    privacy = classify(technical="erase_on_request")

    class Meta:
        verbose_name = _("privacy settings")
        verbose_name_plural = _("privacy settings")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(pk=1), name="contacts_privacysettings_single")
        ]

    def __str__(self) -> str:
        return str(_("Privacy settings"))
