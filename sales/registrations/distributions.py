"""How much and how often a group of people buys, for pictures of it."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.segmentation.distributions import Distribution, Spread, register
from core.ui.markup import money_text
from sales.registrations.builders import orders_in_scope

SPENT = (0, 100, 500, 2000, 10_000)
ORDERED = (0, 1, 2, 5, 10)


def _figures(ids: list[int], user: Any, aggregate: Any) -> list[float]:
    rows = (
        orders_in_scope(user).filter(contact__in=ids).order_by().values("contact").annotate(figure=aggregate)
    )
    found = [float(row["figure"] or 0) for row in rows]
    return found + [0.0] * (len(ids) - len(found))


def _banded(
    figures: list[float], edges: tuple[int, ...], words: Callable[[float], str], *, whole: bool = False
) -> Spread:
    """Counted between edges, which are told in `words`; the first band is nothing at all. `whole` numbers begin
    above the edge before."""
    counts = [sum(1 for figure in figures if figure <= 0)]
    labels = [_("nothing")]
    bounds = [*edges, float("inf")]
    for low, high in pairwise(bounds):
        counts.append(sum(1 for figure in figures if low < figure <= high))
        first = low + 1 if whole else low
        if high == float("inf"):
            labels.append(_("more than %(low)s") % {"low": words(low)})
        else:
            labels.append(words(high) if first == high else f"{words(first)} – {words(high)}")
    return list(zip(labels, counts, strict=True))


def _spent(ids: list[int], user: Any) -> Spread:
    return _banded(_figures(ids, user, Sum("base_total")), SPENT, money_text)


def _ordered(ids: list[int], user: Any) -> Spread:
    return _banded(
        _figures(ids, user, Count("pk", filter=Q(is_cancellation=False))), ORDERED, str, whole=True
    )


register(
    Distribution(
        "spend",
        gettext_lazy("Spent so far"),
        _spent,
        field="spent",
        reads="order",
        discloses=(("order", "total"), ("order", "base_total")),
        order=50,
    ),
    Distribution("orders", gettext_lazy("Orders so far"), _ordered, field="orders", reads="order", order=55),
)
