"""What analytics found out about a customer; written by analytics, read by all."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.enums import MetricStatus
from contacts.models.parties import Company, Contact
from contacts.models.reach import one_party
from core.models import BaseModel
from core.privacy.classes import classify
from core.scope.rules import ParentScope


class CustomerMetric(BaseModel):
    """Lifetime value, churn and RFM of exactly one contact or one company, as of `as_of`.

    `churn` is the chance of no order within `horizon_days`; `lifetime_value` what the next twelve months
    are worth, discounted, in `currency`. Gaps are in days. `reasons` are the model's own, strongest first.
    """

    contact = models.OneToOneField(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="metric"
    )
    company = models.OneToOneField(
        Company, null=True, blank=True, on_delete=models.CASCADE, related_name="metric"
    )
    status = models.CharField(max_length=16, choices=MetricStatus.choices)
    as_of = models.DateTimeField(_("as of"))
    orders = models.PositiveIntegerField(_("orders"), default=0)
    first_order_at = models.DateTimeField(_("first order"), null=True)
    last_order_at = models.DateTimeField(_("last order"), null=True)
    usual_gap_days = models.FloatField(_("usual gap"), null=True)
    total_spend = models.DecimalField(_("spent so far"), max_digits=18, decimal_places=2, default=0)
    average_order = models.DecimalField(_("average order"), max_digits=18, decimal_places=2, null=True)
    lifetime_value = models.DecimalField(
        _("value of the next 12 months"), max_digits=18, decimal_places=2, null=True
    )
    currency = models.CharField(max_length=3, blank=True)
    expected_orders = models.FloatField(_("expected orders"), null=True)
    alive = models.FloatField(_("chance of being active"), null=True)
    churn = models.FloatField(_("churn risk"), null=True)
    horizon_days = models.PositiveSmallIntegerField(default=90)
    recency_score = models.PositiveSmallIntegerField(_("recency score"), null=True)
    frequency_score = models.PositiveSmallIntegerField(_("frequency score"), null=True)
    monetary_score = models.PositiveSmallIntegerField(_("monetary score"), null=True)
    reasons = models.JSONField(_("reasons"), default=list)
    run_id = models.BigIntegerField(_("model run"), null=True)

    history = False  # rebuilt every night from orders; runs keep their own record
    record_type: ClassVar[str] = "metric"
    scope = ParentScope("contact", "company")
    privacy = classify(
        technical="contact company status as_of run_id horizon_days",
        row="orders first_order_at last_order_at usual_gap_days total_spend average_order lifetime_value"
        " currency expected_orders alive churn recency_score frequency_score monetary_score reasons",
    )

    class Meta:
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")
        constraints: ClassVar = [one_party("contacts_metric_one_party")]
        indexes: ClassVar = [
            models.Index(fields=["churn"], name="contacts_metric_churn"),
            models.Index(fields=["lifetime_value"], name="contacts_metric_value"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id or self.company_id}: {self.status}"
