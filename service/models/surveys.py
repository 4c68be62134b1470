"""How satisfied customers are with a solved ticket: what they were asked, and what they said."""

import secrets
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import GrantedParentScope, ParentScope, SharedScope
from service.enums import SurveyState
from service.models.messages import Message
from service.models.tickets import Ticket

LOWEST, HIGHEST = 1, 5
SATISFIED = 4
"""Answers from here on count as satisfied."""


def new_nonce() -> str:
    return secrets.token_hex(8)


class SurveySettings(BaseModel):
    """Whether and when customers are asked. One row (pk 1) for the whole installation."""

    is_on = models.BooleanField(
        _("ask customers how satisfied they are"),
        default=False,
        help_text=_("By mail, after a ticket was solved."),
    )
    delay_hours = models.PositiveSmallIntegerField(
        _("hours after the solution"), default=2, validators=[MaxValueValidator(24 * 30)]
    )
    link_days = models.PositiveSmallIntegerField(
        _("days that the link works"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    rest_days = models.PositiveSmallIntegerField(
        _("days in which nobody is asked twice"), default=14, validators=[MaxValueValidator(365)]
    )

    record_type: ClassVar[str] = "survey_settings"
    scope = SharedScope()
    privacy = classify(technical="is_on delay_hours link_days rest_days")

    class Meta:
        verbose_name = _("survey settings")
        verbose_name_plural = _("survey settings")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(pk=1), name="service_surveysettings_single")
        ]

    def __str__(self) -> str:
        return str(_("On") if self.is_on else _("Off"))


class SurveyRequest(BaseModel):
    """One question to one customer: planned when the ticket was solved, asked by `message`, or skipped for the
    reason in `skipped_because` (a refusal of the gate, or a word of `SkippedBecause`)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="survey_requests")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="survey_requests")
    state = models.CharField(max_length=8, choices=SurveyState.choices, default=SurveyState.PLANNED)
    skipped_because = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    nonce = models.CharField(max_length=16, default=new_nonce)

    history: ClassVar[bool] = False  # a ledger of its own, written by the program alone
    scope = ParentScope("ticket")
    privacy = classify(
        technical="ticket message state skipped_because due_at nonce", business="asked_at expires_at"
    )

    class Meta:
        verbose_name = _("survey request")
        verbose_name_plural = _("survey requests")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(state="planned"),
                name="service_surveyrequest_one_planned",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="service_surveyrequest_due", condition=models.Q(state="planned")
            ),
            models.Index(fields=["ticket", "-asked_at"], name="service_surveyreq_ticket"),
            models.Index(fields=["asked_at"], name="service_surveyrequest_asked"),
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}"

    @property
    def is_open(self) -> bool:
        """Whether the link still takes an answer."""
        return self.expires_at is not None and self.expires_at > timezone.now()


class SurveyAnswer(BaseModel):
    """What a customer said: a score from 1 (very dissatisfied) to 5, and words. Whose it is, says its ticket.
    Until the link ends the customer may change it; the change history keeps what it was."""

    ticket = models.ForeignKey(
        Ticket, verbose_name=_("ticket"), on_delete=models.PROTECT, related_name="survey_answers"
    )
    request = models.OneToOneField(SurveyRequest, on_delete=models.PROTECT, related_name="answer")
    score = models.PositiveSmallIntegerField(_("score"))
    words = models.TextField(_("words"), blank=True)
    answered_at = models.DateTimeField(_("answered"), default=timezone.now)
    times = models.PositiveSmallIntegerField(_("times answered"), default=1)

    record_type: ClassVar[str] = "survey_answer"
    scope = GrantedParentScope("ticket")
    privacy = classify(technical="ticket request times", business="score answered_at", content_blank="words")

    class Meta:
        verbose_name = _("survey answer")
        verbose_name_plural = _("survey answers")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(score__gte=LOWEST, score__lte=HIGHEST),
                name="service_surveyanswer_score",
                violation_error_message=_("Choose from 1 to 5."),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["answered_at", "id"], name="service_surveyanswer_at"),
            models.Index(fields=["ticket", "-answered_at"], name="service_surveyanswer_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.score}/{HIGHEST}"
