"""Deals, who takes part in them, what they are about and which way they went."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import Activity, Company, Contact
from core.models import BaseModel, CustomValues, Record, Tag, currency_code
from core.privacy.classes import classify
from core.scope.rules import ParentScope
from sales.enums import BuyingRole, DealStatus, LostReason, WonReason
from sales.models.pipelines import Pipeline, Stage
from sales.models.products import Product

LIVE = models.Q(deleted_at__isnull=True)
OPEN = models.Q(status=DealStatus.OPEN, deleted_at__isnull=True)
WON = models.Q(status=DealStatus.WON, deleted_at__isnull=True)
DECIDED = ~models.Q(status=DealStatus.OPEN) & LIVE
NO_CLOSE_DATE = date(9999, 12, 31)
"""Where lists sort deals without an expected close."""


class Deal(Record, CustomValues):
    """A sale in the making, or made, or lost.

    `amount` is in `currency` (null: not known yet); `base_amount` is the same in the base currency at
    `rate_to_base`, the rate of `rate_date` (the closing date of decided deals), and 0 without an amount.
    `opened_at`, `stage_since` and `closed_at` are the world's times. `status` is the stage's outcome.
    `contact` is the primary one of `deal_contacts`, `next_step` the open activity that is due first: both
    are kept here for boards and lists.
    """

    name = models.CharField(_("name"), max_length=200)
    sort_name = models.CharField(max_length=200, editable=False, default="")
    company = models.ForeignKey(
        Company,
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="main_deals",
    )
    pipeline = models.ForeignKey(
        Pipeline, verbose_name=_("pipeline"), on_delete=models.PROTECT, related_name="deals"
    )
    stage = models.ForeignKey(Stage, verbose_name=_("stage"), on_delete=models.PROTECT, related_name="deals")
    status = models.CharField(
        _("status"), max_length=4, choices=DealStatus.choices, default=DealStatus.OPEN, editable=False
    )
    stage_since = models.DateTimeField(_("in stage since"), default=timezone.now, editable=False)
    probability = models.PositiveSmallIntegerField(
        _("probability (%)"), default=0, validators=[MaxValueValidator(100)]
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    currency = models.CharField(_("currency"), max_length=3, validators=[currency_code])
    rate_to_base = models.DecimalField(max_digits=18, decimal_places=8, default=1, editable=False)
    rate_date = models.DateField(_("date of the rate"), default=timezone.localdate, editable=False)
    base_amount = models.DecimalField(
        _("amount in base currency"), max_digits=18, decimal_places=2, default=0, editable=False
    )
    expected_close = models.DateField(_("expected close"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    lost_reason = models.CharField(
        _("lost because of"), max_length=12, choices=LostReason.choices, blank=True
    )
    won_reason = models.CharField(_("won because of"), max_length=12, choices=WonReason.choices, blank=True)
    close_note = models.TextField(_("how it ended"), blank=True)
    description = models.TextField(_("description"), blank=True)
    next_step = models.ForeignKey(
        Activity, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    next_step_at = models.DateTimeField(_("next step"), null=True, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=120, blank=True)
    utm = models.JSONField(_("UTM words"), default=dict, blank=True, editable=False)
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="deals")

    record_type: ClassVar[str] = "deal"
    privacy = classify(
        business="name sort_name company amount currency base_amount expected_close opened_at closed_at status"
        " lost_reason won_reason source tags",
        technical="contact pipeline stage stage_since probability rate_to_base rate_date next_step"
        " next_step_at utm external_id",
        content_blank="close_note description custom",
    )

    class Meta(Record.Meta):
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=Decimal(0)),
                name="sales_deal_amount",
                violation_error_message=_("An amount is not negative."),
            ),
            models.CheckConstraint(
                condition=models.Q(probability__lte=100),
                name="sales_deal_probability",
                violation_error_message=_("A probability is at most 100."),
            ),
            models.CheckConstraint(
                condition=models.Q(status=DealStatus.OPEN, closed_at__isnull=True)
                | (~models.Q(status=DealStatus.OPEN) & models.Q(closed_at__isnull=False)),
                name="sales_deal_closed_when_decided",
                violation_error_message=_("Won and lost deals have a closing date, open ones have none."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stage", "next_step_at", "id"], name="sales_deal_board", condition=OPEN),
            models.Index(
                fields=["stage", "id"],
                include=["team", "owner"],
                name="sales_deal_no_step",
                condition=OPEN & models.Q(next_step_at=None),
            ),
            models.Index(
                fields=["pipeline", "stage", "team", "owner"],
                include=["base_amount", "probability"],
                name="sales_deal_sums",
                condition=OPEN,
            ),
            models.Index(
                fields=["closed_at", "id"],
                include=["base_amount", "team", "owner"],
                name="sales_deal_won",
                condition=WON,
            ),
            models.Index(fields=["stage", "closed_at", "id"], name="sales_deal_decided", condition=DECIDED),
            models.Index(fields=["created_at", "id"], name="sales_deal_created", condition=LIVE),
            models.Index(fields=["team", "created_at", "id"], name="sales_deal_team", condition=LIVE),
            models.Index(fields=["owner", "created_at", "id"], name="sales_deal_owner", condition=LIVE),
            models.Index(fields=["sort_name", "id"], name="sales_deal_name", condition=LIVE),
            models.Index(fields=["base_amount", "id"], name="sales_deal_worth", condition=LIVE),
            models.Index(
                Coalesce("expected_close", models.Value(NO_CLOSE_DATE)),
                "id",
                name="sales_deal_close",
                condition=LIVE,
            ),
            models.Index(fields=["company", "status"], name="sales_deal_company"),
            models.Index(fields=["contact", "status"], name="sales_deal_contact"),
            models.Index(
                fields=["external_id"], name="sales_deal_external", condition=~models.Q(external_id="")
            ),
            GinIndex(fields=["sort_name"], name="sales_deal_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class DealContact(BaseModel):
    """That a person takes part in a deal, and how. One of them is the primary contact."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="deal_contacts")
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.PROTECT, related_name="deal_contacts"
    )
    role = models.CharField(_("role"), max_length=14, choices=BuyingRole.choices, blank=True)
    is_primary = models.BooleanField(_("primary"), default=False)

    scope = ParentScope("deal")
    privacy = classify(technical="deal is_primary", row="contact role")

    class Meta:
        verbose_name = _("contact of a deal")
        verbose_name_plural = _("contacts of a deal")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal", "contact"],
                name="sales_dealcontact_once",
                violation_error_message=_("This person is on the deal already."),
            ),
            models.UniqueConstraint(
                fields=["deal"],
                condition=models.Q(is_primary=True),
                name="sales_dealcontact_one_primary",
                violation_error_message=_("A deal has one primary contact."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.contact_id}"

    @property
    def as_words(self) -> str:
        """As the deal's page says it: who, in which role, and whether they are the primary contact."""
        first = gettext("Primary") if self.is_primary else ""
        return ", ".join(part for part in (str(self.contact), str(self.get_role_display()), first) if part)


class DealLine(BaseModel):
    """An item of a deal, in the deal's currency. `total` is quantity × price less the discount, in cents."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deal_lines",
    )
    description = models.CharField(_("description"), max_length=250, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3, default=1)
    unit_price = models.DecimalField(_("unit price"), max_digits=18, decimal_places=4, default=0)
    discount_percent = models.DecimalField(_("discount (%)"), max_digits=5, decimal_places=2, default=0)
    total = models.DecimalField(_("total"), max_digits=18, decimal_places=2, default=0, editable=False)
    position = models.PositiveSmallIntegerField(default=0)

    scope = ParentScope("deal")
    privacy = classify(
        technical="deal position", business="product description quantity unit_price discount_percent total"
    )

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0),
                name="sales_dealline_quantity",
                violation_error_message=_("A quantity is greater than zero."),
            ),
            models.CheckConstraint(
                condition=models.Q(discount_percent__gte=0, discount_percent__lte=100),
                name="sales_dealline_discount",
                violation_error_message=_("A discount is from 0 to 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return self.description or str(self.product_id)


class DealStageChange(BaseModel):
    """One step of a deal's way. The first has no `from_stage`. `days_in_stage` is how long the deal had been
    in `from_stage`, in days."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="stage_changes")
    from_stage = models.ForeignKey(Stage, null=True, on_delete=models.PROTECT, related_name="+")
    to_stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)
    actor = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    days_in_stage = models.DecimalField(_("days in stage"), max_digits=9, decimal_places=3, null=True)

    scope = ParentScope("deal")
    privacy = classify(technical="deal actor", business="from_stage to_stage at days_in_stage")

    class Meta:
        verbose_name = _("stage change")
        verbose_name_plural = _("stage changes")
        indexes: ClassVar = [
            models.Index(fields=["deal", "at", "id"], name="sales_stagechange_deal"),
            models.Index(fields=["to_stage", "at"], name="sales_stagechange_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.from_stage_id} → {self.to_stage_id}"
