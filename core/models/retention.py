"""Retention policies: how long which records are kept, what happens then, and what each night did."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.enums import RetentionAction
from core.models.base import BaseModel
from core.privacy.classes import classify
from core.scope.rules import SharedScope


class RetentionPolicy(BaseModel):
    """Records of a type that fulfil a condition (the one grammar, as a tree) are dealt with `days` after a moment
    of theirs."""

    name = models.CharField(_("name"), max_length=120)
    applies_to = models.CharField(_("records"), max_length=40)
    condition = models.JSONField(_("which of them"), default=dict, blank=True)
    moment = models.CharField(_("counted from"), max_length=40)
    days = models.PositiveIntegerField(_("days"), validators=[MinValueValidator(1)])
    action = models.CharField(_("what happens"), max_length=10, choices=RetentionAction.choices)
    is_active = models.BooleanField(_("every night"), default=False)

    record_type: ClassVar[str] = "retention_policy"
    scope = SharedScope()
    privacy = classify(business="name applies_to condition moment days action is_active")

    class Meta:
        verbose_name = _("retention policy")
        verbose_name_plural = _("retention policies")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(days__gte=1),
                name="core_retentionpolicy_days",
                violation_error_message=_("At least one day."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class RetentionRun(BaseModel):
    """What one run of a policy did. `held`: kept by law for now; `failed`: told in the log of the job."""

    policy = models.ForeignKey(RetentionPolicy, on_delete=models.CASCADE, related_name="runs")
    at = models.DateTimeField(default=timezone.now)
    matched = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    history = False  # it is itself the record of what was done
    record_type: ClassVar[str] = "retention_policy"
    scope = SharedScope()
    privacy = classify(technical="policy at matched done held failed")

    class Meta:
        verbose_name = _("retention run")
        indexes: ClassVar = [models.Index(fields=["policy", "-at"], name="core_retentionrun_newest")]

    def __str__(self) -> str:
        return f"{self.policy} {self.at:%Y-%m-%d}"
