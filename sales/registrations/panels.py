"""Cards on the pages of contacts and companies: their deals and their orders, in the viewer's scope."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.registries import panels
from core.registries.panels import Panel
from core.scope.access import profile_for
from sales.selectors.deals import deals_of_company, deals_of_contact
from sales.selectors.orders import order_figures, orders_of
from sales.selectors.panels import deal_cards

SHOWN = 5
Context = dict[str, Any] | None


def _deals(party: str) -> Callable[[Any, Any], Context]:
    find = deals_of_contact if party == "contact" else deals_of_company

    def context(record: Any, user: Any) -> Context:
        profile = profile_for(user)
        if not profile.allows("deal", "view"):
            return None
        rows = find(user, record)
        may_add = profile.allows("deal", "add")
        found = list(rows[: SHOWN + 1])
        return {
            "deals": deal_cards(found[:SHOWN], profile.hidden_fields("deal")),
            "count": rows.order_by().count() if len(found) > SHOWN else len(found),
            "shown": SHOWN,
            "all_url": f"{reverse('sales:deal_list')}?{urlencode({party: record.pk})}",
            "add_url": f"{reverse('sales:deal_create')}?{urlencode({party: record.pk})}" if may_add else "",
        }

    return context


def _orders(party: str) -> Callable[[Any, Any], Context]:
    def context(record: Any, user: Any) -> Context:
        profile = profile_for(user)
        if not profile.allows("order", "view"):
            return None
        rows = orders_of(user, record)
        figures = order_figures(rows)
        return {
            "orders": list(rows[:SHOWN]) if figures.last_at else [],
            "figures": figures,
            "show_totals": "total" not in profile.hidden_fields("order"),
            "count": figures.count,
            "shown": SHOWN,
            "all_url": f"{reverse('sales:order_list')}?{urlencode({party: record.pk})}",
        }

    return context


for _party in ("contact", "company"):
    panels.register(
        Panel(
            "deals",
            _party,
            _("Deals"),
            icon="layout-kanban",
            template="sales/_deals_panel.html",
            context=_deals(_party),
            order=20,
        )
    )
    panels.register(
        Panel(
            "orders",
            _party,
            _("Orders"),
            icon="shopping-cart",
            template="sales/_orders_panel.html",
            context=_orders(_party),
            order=40,
        )
    )
