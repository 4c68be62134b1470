"""What was bought."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Company, Contact
from core.models import BaseModel, CustomValues, Record, Tag, currency_code
from core.privacy.classes import classify
from core.scope.rules import OwnerOrParentScope, ParentScope
from sales.enums import OrderStatus
from sales.models.deals import Deal
from sales.models.products import Product

LIVE = models.Q(deleted_at__isnull=True)


class Order(Record, CustomValues):
    """An order of a contact, a company, both or (imported) neither. A cancellation is an order of its own
    with negative quantities. `ordered_at` is the world's time; `base_total` is in the base currency at
    `rate_to_base`, the rate of `rate_date`."""

    number = models.CharField(_("number"), max_length=60, blank=True)
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="orders",
    )
    company = models.ForeignKey(
        Company,
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="orders",
    )
    deal = models.ForeignKey(
        Deal, verbose_name=_("deal"), null=True, blank=True, on_delete=models.PROTECT, related_name="orders"
    )
    ordered_at = models.DateTimeField(_("ordered"), default=timezone.now)
    status = models.CharField(
        _("status"), max_length=10, choices=OrderStatus.choices, default=OrderStatus.PLACED
    )
    is_cancellation = models.BooleanField(_("cancellation"), default=False)
    currency = models.CharField(_("currency"), max_length=3, validators=[currency_code])
    total = models.DecimalField(_("total"), max_digits=18, decimal_places=2, default=0, editable=False)
    rate_to_base = models.DecimalField(max_digits=18, decimal_places=8, default=1, editable=False)
    rate_date = models.DateField(_("date of the rate"), default=timezone.localdate, editable=False)
    base_total = models.DecimalField(
        _("total in base currency"), max_digits=18, decimal_places=2, default=0, editable=False
    )
    country = models.CharField(_("country"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True)
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="orders")

    record_type: ClassVar[str] = "order"
    scope = OwnerOrParentScope("contact", "company")
    privacy = classify(
        technical="contact company deal rate_to_base rate_date source external_id",
        business="number ordered_at status is_cancellation currency total base_total tags",
        blank="country",
        content_blank="custom",
    )

    class Meta(Record.Meta):
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~models.Q(external_id="") & LIVE,
                name="sales_order_once",
                violation_error_message=_("This order of this source is here already."),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["contact", "ordered_at"], name="sales_order_contact"),
            models.Index(fields=["company", "ordered_at"], name="sales_order_company"),
            models.Index(fields=["ordered_at", "id"], name="sales_order_when", condition=LIVE),
            models.Index(fields=["base_total", "id"], name="sales_order_total", condition=LIVE),
            models.Index(fields=["number"], name="sales_order_number", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"


class OrderLine(BaseModel):
    """An item of an order, in the order's currency; negative quantities take back."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="order_lines",
    )
    description = models.CharField(_("description"), max_length=250, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3, default=1)
    unit_price = models.DecimalField(_("unit price"), max_digits=18, decimal_places=4, default=0)
    total = models.DecimalField(_("total"), max_digits=18, decimal_places=2, default=0, editable=False)
    position = models.PositiveIntegerField(default=0)

    scope = ParentScope("order")
    privacy = classify(technical="order position", business="product description quantity unit_price total")

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")

    def __str__(self) -> str:
        return self.description or str(self.product_id)
