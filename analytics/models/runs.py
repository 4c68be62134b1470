"""What each night's models learned, from what, and how well they did on days they had not seen."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from analytics.enums import Population, RunState
from core.models import BaseModel, Job
from core.privacy.classes import classify
from core.scope.rules import SharedScope


class ModelRun(BaseModel):
    """One fit of the lifetime value and churn models to one population, and what was scored with it.

    `parameters` are those of BG/NBD and Gamma-Gamma with times in days and money in `currency`, and the
    typical customer that reasons compare with; `back_test` is how a fit without the last `horizon_days`
    foretold them (empty: the history is too short). `as_of` is the last day that the models know of.
    """

    population = models.CharField(_("population"), max_length=8, choices=Population.choices)
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices)
    version = models.CharField(_("version"), max_length=40)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    as_of = models.DateField(_("as of"))
    horizon_days = models.PositiveSmallIntegerField(_("horizon in days"))
    currency = models.CharField(_("currency"), max_length=3)
    orders = models.PositiveIntegerField(_("orders"), default=0)
    customers = models.PositiveIntegerField(_("customers"), default=0)
    repeat_customers = models.PositiveIntegerField(_("customers with repeat orders"), default=0)
    first_order_on = models.DateField(_("first order"), null=True)
    parameters = models.JSONField(_("parameters"), default=dict)
    back_test = models.JSONField(_("back-test"), default=dict)
    reason = models.CharField(_("why there is no model"), max_length=40, blank=True)
    scored = models.PositiveIntegerField(_("customers scored"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)

    record_type: ClassVar[str] = "model_run"
    scope = SharedScope()
    privacy = classify(
        technical="population state version job as_of horizon_days currency orders customers"
        " repeat_customers first_order_on parameters back_test reason scored finished_at"
    )

    class Meta:
        verbose_name = _("model run")
        verbose_name_plural = _("model runs")
        indexes: ClassVar = [models.Index(fields=["population", "-id"], name="analytics_modelrun_latest")]

    def __str__(self) -> str:
        return f"{self.get_population_display()} {self.as_of}"
