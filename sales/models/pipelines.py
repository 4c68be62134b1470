"""Pipelines and the stages that deals go through."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import SharedScope
from sales.enums import DealStatus


class Pipeline(BaseModel):
    """A way of selling: its stages in order."""

    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_default = models.BooleanField(_("default"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    record_type: ClassVar[str] = "pipeline"
    scope = SharedScope()
    privacy = classify(business="name", technical="position is_default is_active")

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("name"),
                name="sales_pipeline_name",
                violation_error_message=_("There is a pipeline of this name."),
            ),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="sales_pipeline_one_default",
                violation_error_message=_("One pipeline is the default."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Stage(BaseModel):
    """A step of a pipeline. `probability` is in percent; deals that stay longer than `rot_days` are shown as
    rotting; `outcome` is the status of the deals in it."""

    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    probability = models.PositiveSmallIntegerField(
        _("probability (%)"), default=0, validators=[MaxValueValidator(100)]
    )
    rot_days = models.PositiveSmallIntegerField(_("rots after (days)"), null=True, blank=True)
    outcome = models.CharField(_("means"), max_length=4, choices=DealStatus.choices, default=DealStatus.OPEN)

    record_type: ClassVar[str] = "stage"
    scope = SharedScope("pipeline")
    privacy = classify(business="name", technical="pipeline position probability rot_days outcome")

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints: ClassVar = [
            models.UniqueConstraint(
                "pipeline",
                Lower("name"),
                name="sales_stage_name",
                violation_error_message=_("The pipeline has a stage of this name."),
            ),
            models.UniqueConstraint(
                fields=["pipeline", "outcome"],
                condition=~models.Q(outcome=DealStatus.OPEN),
                name="sales_stage_one_end",
                violation_error_message=_("A pipeline has one stage for won and one for lost deals."),
            ),
            models.CheckConstraint(
                condition=models.Q(probability__lte=100),
                name="sales_stage_probability",
                violation_error_message=_("A probability is at most 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def chance(self) -> Decimal:
        """The probability as a part of one."""
        return Decimal(self.probability) / 100
