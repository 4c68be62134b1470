"""What somebody buys, and whether it is always the same."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, F, Max, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Lower

from core.conditions.rows_links import RowsLink
from core.money import round_money
from sales.models import DealLine, OrderLine
from sales.profile.purchases import Purchases

TOP = 5


@dataclass(frozen=True)
class Item:
    """One item: in how many purchases it was, how many of it, and what for (base currency)."""

    name: str
    product_id: int | None
    purchases: int
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Items:
    """The items of all purchases. `kinds` are different ones, `pairs` counts each once a purchase, so that
    `repeat_share` is how much of what a purchase holds had been bought before."""

    top: list[Item]
    kinds: int
    pairs: int
    purchases: int

    @property
    def repeat_share(self) -> float | None:
        """From 0 (never the same twice) to nearly 1; None where only one purchase has lines."""
        if self.purchases < 2 or not self.pairs:
            return None
        return (self.pairs - self.kinds) / self.pairs


def items_of(purchases: Purchases) -> Items:
    """Items are told apart by product, lines without one by their words. Two queries."""
    rows = _lines(purchases)
    parent = "deal" if purchases.basis.record_type == "deal" else "order"
    found = rows.order_by().aggregate(
        kinds=Count("item", distinct=True),
        pairs=Count(Concat(Cast(f"{parent}_id", CharField()), Value(":"), "item"), distinct=True),
        purchases=Count(parent, distinct=True),
    )
    return Items(_top(rows, parent, purchases.basis.amounts_hidden), **found)


def _lines(purchases: Purchases) -> QuerySet[Any]:
    if purchases.basis.record_type == "deal":
        rows: QuerySet[Any] = DealLine.objects.filter(deal__in=purchases.basis.purchases().values("pk"))
    else:
        rows = OrderLine.objects.filter(order__in=purchases.basis.purchases().values("pk"))
    words = Concat(Value("words:"), Lower("description"), output_field=CharField())
    product = Case(When(product__isnull=False, then=Cast("product_id", CharField())), default=words)
    return rows.annotate(item=product)


def _top(rows: QuerySet[Any], parent: str, amounts_hidden: bool) -> list[Item]:
    groups = (
        rows.order_by()
        .values("item", "product_id")
        .annotate(
            name=Max(Coalesce("product__name", "description")),
            purchases=Count(parent, distinct=True),
            number=Sum("quantity"),
            amount=Sum(F("total") * F(f"{parent}__rate_to_base")),
        )
        .order_by("-purchases" if amounts_hidden else "-amount", "-purchases", "item")
    )
    return [
        Item(
            g["name"],
            g["product_id"],
            g["purchases"],
            g["number"],
            round_money(Decimal(g["amount"])),
        )
        for g in groups[:TOP]
    ]


def link_of(item: Item, purchases: Purchases) -> RowsLink | None:
    """The purchases with the item; lines without a product can't be filtered by."""
    if item.product_id is None:
        return None
    link = purchases.basis.link
    return RowsLink(link.record_type, (*link.params, ("product", str(item.product_id))))
