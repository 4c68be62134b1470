"""The start page: one's own deals that need attention, and the first step that concerns deals."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.registries import home
from core.registries.home import FirstStep, HomeSection
from core.scope.access import profile_for
from sales.models import Deal
from sales.selectors.attention import deals_needing_attention

WORDS = {
    "late": (_("Expected close in the past"), _("Correct the dates to trust the forecast."), "bad"),
    "no_step": (_("Without a next step"), _("A deal that has one is less likely to be forgotten."), "warn"),
    "rotting": (_("Too long in their stage"), _("Move them on, or let them go."), "warn"),
}
REASON_ICONS = {"late": "calendar-x", "no_step": "alert-triangle", "rotting": "hourglass-low"}


def _attention(user: Any) -> dict[str, Any] | None:
    if not profile_for(user).allows("deal", "view"):
        return None
    base, reasons = reverse("sales:deal_list"), []
    for reason in deals_needing_attention(user):
        number = reason.deals.count()
        if number:
            label, text, tone = WORDS[reason.key]
            url = f"{base}?{reason.query}"
            reasons.append((number, label, text, tone, REASON_ICONS[reason.key], url, reason.first()))
    return {"reasons": reasons, "count": None}


home.register(
    HomeSection(
        "deals",
        _("Deals that need attention"),
        icon="layout-kanban",
        template="sales/_home_deals.html",
        context=_attention,
        url_name="sales:deal_board",
        order=20,
    )
)
home.register_steps(
    FirstStep(
        "deal",
        _("Open a deal"),
        _("What somebody might buy, for how much, and until when. Then move it along the board."),
        "sales:deal_board",
        lambda user: Deal.objects.visible_to(user).exists(),
        lambda profile: profile.allows("deal", "add"),
        order=20,
    )
)
