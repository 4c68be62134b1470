"""What is sold."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.models import CustomValues, Record, currency_code
from core.privacy.classes import classify
from core.scope.rules import SharedScope

LIVE = models.Q(deleted_at__isnull=True)


class Product(Record, CustomValues):
    """An item of the catalogue. `sort_name` is lower-case without accents: lists and searches use it."""

    name = models.CharField(_("name"), max_length=200)
    sort_name = models.CharField(max_length=200, editable=False, default="")
    sku = models.CharField(_("SKU"), max_length=80, blank=True)
    category = models.CharField(_("category"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    list_price = models.DecimalField(_("list price"), max_digits=18, decimal_places=4, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, validators=[currency_code])
    is_active = models.BooleanField(_("sold"), default=True)
    external_id = models.CharField(_("external id"), max_length=120, blank=True)

    record_type: ClassVar[str] = "product"
    scope = SharedScope()
    privacy = classify(
        business="name sort_name sku category description list_price currency is_active external_id custom"
    )

    class Meta(Record.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("sku"),
                condition=LIVE & ~models.Q(sku=""),
                name="sales_product_sku",
                violation_error_message=_("There is a product with this SKU."),
            ),
            models.CheckConstraint(
                condition=models.Q(list_price__isnull=True) | models.Q(list_price__gte=Decimal(0)),
                name="sales_product_price",
                violation_error_message=_("A list price is not negative."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sort_name", "id"], name="sales_product_name", condition=LIVE),
            GinIndex(fields=["sort_name"], name="sales_product_trgm", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name
