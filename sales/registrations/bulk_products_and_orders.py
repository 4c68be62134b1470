"""What can be done with several products or orders at once. Every row goes through the service of one."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.money import currencies, round_money
from core.registries import columns
from core.registries.columns import BulkAction
from core.services.base import default_team
from sales.enums import OrderStatus
from sales.registrations.bulk import OwnerForm, TagForm, delete_rows
from sales.services.orders import update_order
from sales.services.products import update_product


class OrderStatusForm(forms.Form):
    """Where the orders stand from now on."""

    status = forms.ChoiceField(choices=OrderStatus.choices, label=_("New status"))


class SoldForm(forms.Form):
    """Whether the products are sold."""

    sold = forms.TypedChoiceField(
        label=_("From now on"),
        choices=(("1", _("Sold")), ("0", _("Not sold any more"))),
        coerce=lambda text: text == "1",
    )


class CategoryForm(forms.Form):
    """Where the products belong."""

    category = forms.CharField(
        label=_("New category"), max_length=120, required=False, help_text=_("Empty: none.")
    )


class PriceForm(forms.Form):
    """A price for all of them, or a part of each one's own more or less."""

    percent = forms.DecimalField(
        label=_("Change by percent"),
        required=False,
        min_value=-100,
        max_value=1000,
        max_digits=7,
        decimal_places=2,
        help_text=_("Such as 3.5 or -10. Products without a price are left alone."),
    )
    price = forms.DecimalField(
        label=_("Or a new list price"), required=False, min_value=0, max_digits=18, decimal_places=4
    )
    currency = forms.ChoiceField(label=_("In the currency"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, code) for code in currencies()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        given = [name for name in ("percent", "price") if values.get(name) is not None]
        if not self.errors and len(given) != 1:
            self.add_error("percent", _("Give either a percentage or a new price."))
        return values


def _give(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    owner = data["owner"]
    rows = list(queryset.exclude(owner=owner).select_related("team"))
    for order in rows:
        update_order(actor=actor, order=order, owner=owner, team=default_team(owner) or order.team)
    return len(rows)


def _set_status(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    rows = list(queryset.exclude(status=data["status"]))
    for order in rows:
        update_order(actor=actor, order=order, status=data["status"])
    return len(rows)


def _tag(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    rows = list(queryset.prefetch_related("tags"))
    for order in rows:
        update_order(actor=actor, order=order, tags={*order.tags.all(), *data["tags"]})
    return len(rows)


def _set_sold(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    rows = list(queryset.exclude(is_active=data["sold"]))
    for product in rows:
        update_product(actor=actor, product=product, is_active=data["sold"])
    return len(rows)


def _set_category(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    category = " ".join(data["category"].split())
    rows = list(queryset.exclude(category=category))
    for product in rows:
        update_product(actor=actor, product=product, category=category)
    return len(rows)


def _set_price(*, actor: Any, queryset: QuerySet[Any], data: dict[str, Any]) -> int:
    changed = 0
    for product in queryset:
        new = _new_price(product, data)
        if new != {"list_price": product.list_price, "currency": product.currency}:
            update_product(actor=actor, product=product, **new)
            changed += 1
    return changed


def _new_price(product: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The price and currency that the product gets; a percentage is rounded to the smallest coin."""
    if data["price"] is not None:
        return {"list_price": data["price"], "currency": data["currency"] or product.currency}
    price = product.list_price
    if price is not None:
        price = round_money(price * (1 + data["percent"] / Decimal(100)), product.currency)
    return {"list_price": price, "currency": product.currency}


columns.register_actions(
    "product",
    BulkAction(
        "sold", _("Sold or not"), "check", "change", _set_sold, lambda user: SoldForm, order=10,
        fields=("is_active",),
    ),
    BulkAction(
        "category", _("Category"), "tag", "change", _set_category, lambda user: CategoryForm, order=20,
        fields=("category",),
    ),
    BulkAction(
        "price", _("Price"), "coin", "change", _set_price, lambda user: PriceForm, order=30,
        fields=("list_price", "currency"),
    ),
    BulkAction("delete", _("Delete"), icon="trash", action="delete", run=delete_rows, order=90),
)  # fmt: skip
columns.register_actions(
    "order",
    BulkAction(
        "owner", _("Change owner"), "user-circle", "change", _give, lambda user: OwnerForm, order=10,
        fields=("owner",),
    ),
    BulkAction(
        "status", _("Change status"), "flag", "change", _set_status, lambda user: OrderStatusForm, order=20,
        fields=("status",),
    ),
    BulkAction(
        "tag", _("Add tags"), "tag", "change", _tag, lambda user: TagForm, order=30, fields=("tags",),
    ),
    BulkAction("delete", _("Delete"), icon="trash", action="delete", run=delete_rows, order=90),
)  # fmt: skip
