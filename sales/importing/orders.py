"""The target «orders»: each line of the file is a line of an order."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.db.models import Count
from django.utils.translation import gettext_lazy

from contacts.importing.activity_traces import forget_timeline
from contacts.importing.companies import COMPANIES
from contacts.importing.words import COUNTRY_SYNONYMS, LABEL_COUNTRY, country_resolver
from core.custom_fields.names import is_custom
from core.enums import AccessLevel, Action
from core.importing.problems import Problem
from core.importing.rows import ImportContext, Row
from core.importing.targets import ImportField, ImportTarget, clean_record_id
from core.money import base_currency
from sales.importing.order_modes import obey_mode
from sales.importing.order_parties import ensure_customers, ensure_products, set_countries
from sales.importing.order_traces import set_companies
from sales.importing.order_wholes import find_whole, write_whole
from sales.importing.order_writing import OrderChunk
from sales.importing.products import unit_price
from sales.models import Order

FLOATED = re.compile(r"(\d+)\.0+")


def clean_identifier(value: str) -> str:
    """Numbers that a spreadsheet has made decimal are whole again.

    >>> clean_identifier("17850.0")
    '17850'
    """
    match = FLOATED.fullmatch(value)
    return match[1] if match else value


class OrderTarget(ImportTarget):
    """Lines with one number are one order of one customer. The n-th line of an order in the file is its n-th
    line here, so that the same file again changes nothing. Customers are known by external id, products by
    SKU; both are created when they are new and the person may create them. Cancellations are orders whose
    lines are all negative.

    A line may also say what the order itself is: its tags and custom fields (`OrderHeads`). Named by our own id, as
    in an export, it says nothing else, and needs neither quantity nor price."""

    key = "orders"
    label = gettext_lazy("Orders")
    icon = "shopping-cart"
    record_type = "order"
    model = Order
    uses_currency = True
    chunk: ClassVar[int] = 10_000
    group: ClassVar[str] = "number"

    def fields(self) -> Sequence[ImportField]:
        return (
            ImportField(
                "record_id", gettext_lazy("Meridian id"), "integer", identifies=True, field="id",
                clean=clean_record_id,
            ),
            ImportField(
                "number", gettext_lazy("Number"), required=True, unless="record_id", max_length=60, identifies=True,
                synonyms=("invoice no", "invoice", "order number", "order id", "invoice number", "order no"),
            ),
            ImportField(
                "sku", gettext_lazy("SKU"), max_length=80, field="lines",
                synonyms=("stock code", "product code", "article number", "item number"),
            ),
            ImportField(
                "description", gettext_lazy("Description"), max_length=250, field="lines",
                synonyms=("product", "item", "product name", "article"),
            ),
            ImportField(
                "quantity", gettext_lazy("Quantity"), "number", required=True, unless="record_id", field="lines",
                synonyms=("qty", "amount", "pieces", "units"),
            ),
            ImportField(
                "unit_price", gettext_lazy("Unit price"), "money", required=True, unless="record_id",
                clean=unit_price, field="lines", synonyms=("price", "price each", "unit price"),
            ),
            ImportField(
                "ordered_at", gettext_lazy("Ordered"), "moment", required=True, unless="record_id",
                synonyms=("invoice date", "order date", "date", "ordered", "purchase date"),
            ),
            ImportField(
                "customer", gettext_lazy("Customer (external id)"), max_length=120, clean=clean_identifier,
                field="contact", synonyms=("customer id", "customer number", "client id", "customer"),
            ),
            ImportField(
                "country", LABEL_COUNTRY, "reference", resolver=country_resolver(), keep_word=True,
                synonyms=COUNTRY_SYNONYMS,
            ),
            ImportField(
                "company", gettext_lazy("Company"), "reference", resolver=COMPANIES,
                synonyms=("account", "company name", "account name"),
            ),
            ImportField("tags", gettext_lazy("Tags"), "list", commas=True, synonyms=("labels", "tag")),
        )  # fmt: skip

    def resume(self, context: ImportContext) -> None:
        """How many lines of each order earlier chunks of this run have dealt with."""
        context.memory["base"] = base_currency()
        context.memory["rates"] = {}
        rows = context.batch.rows.filter(object_id__isnull=False).values("object_id")
        dealt = dict(rows.annotate(number=Count("pk")).values_list("object_id", "number"))
        numbers = Order.objects.filter(pk__in=list(dealt)).values_list("external_id", "pk")
        context.memory["dealt"] = Counter({text: dealt[pk] for text, pk in numbers.iterator(5000)})

    def apply(self, context: ImportContext, rows: list[Row]) -> None:
        if "dealt" not in context.memory:
            self.resume(context)
        self._decided(context, [row for row in rows if row.fate is None and row.object_id is not None])
        whole = [row for row in rows if row.fate is None and "record_id" in row.values]
        if whole:
            find_whole(context, whole)
            whole = obey_mode(context, [row for row in whole if row.fate is None])
            write_whole(context, whole)
        waiting = [row for row in rows if row.fate is None]
        if not waiting:
            return
        for row in waiting:
            if abs(row.values["quantity"]) >= 10**10:
                row.fail(Problem("value", str(gettext_lazy("the quantity is too large.")), "quantity"))
        if not self._may_add(context):
            for row in waiting:
                row.fail(Problem("scope", str(gettext_lazy("your role does not allow adding orders."))))
            return
        waiting = obey_mode(context, [row for row in waiting if row.fate is None])
        customers = ensure_customers(context, waiting)
        products = ensure_products(context, waiting)
        waiting = [row for row in waiting if row.fate is None]
        chunk = OrderChunk(context, customers, products)
        chunk.write(waiting)
        context.memory["dealt"].update(chunk.dealt)

    def _decided(self, context: ImportContext, rows: list[Row]) -> None:
        """A person has decided what words of these orders mean."""
        about_orders = [row for row in rows if any(is_custom(name) for name in row.values)]
        write_whole(context, about_orders)
        set_companies(context, [row for row in rows if row.fate is None])
        set_countries([row for row in rows if row.fate is None])

    def _may_add(self, context: ImportContext) -> bool:
        profile = context.profile
        return profile is None or profile.level(self.record_type, Action.ADD) != AccessLevel.NONE

    def undone(self, deleted: Mapping[str, Sequence[int]]) -> None:
        forget_timeline("order", deleted.get("sales.Order", ()))
