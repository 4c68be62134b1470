"""How deals and orders look on timelines."""

from django.utils.translation import gettext_lazy as _

from core.registries import timeline
from core.registries.timeline import TimelineKind

DEAL = "sales/timeline/_deal.html"
ORDER = "sales/timeline/_order.html"

timeline.register(
    TimelineKind(
        "deal.created",
        _("Deal created"),
        icon="sparkles",
        template=DEAL,
        group="deal",
        record_type="deal",
        tone="info",
    ),
    TimelineKind(
        "deal.moved", _("Deal moved"), icon="arrow-right", template=DEAL, group="deal", record_type="deal"
    ),
    TimelineKind(
        "deal.won", _("Deal won"), icon="trophy", template=DEAL, group="deal", record_type="deal", tone="ok"
    ),
    TimelineKind(
        "deal.lost",
        _("Deal lost"),
        icon="mood-sad",
        template=DEAL,
        group="deal",
        record_type="deal",
        tone="bad",
    ),
    TimelineKind(
        "deal.reopened",
        _("Deal reopened"),
        icon="arrow-back-up",
        template=DEAL,
        group="deal",
        record_type="deal",
    ),
    TimelineKind(
        "order.placed",
        _("Order placed"),
        icon="shopping-cart",
        template=ORDER,
        group="order",
        record_type="order",
        tone="ok",
    ),
    TimelineKind(
        "order.cancelled",
        _("Order cancelled"),
        icon="shopping-cart-x",
        template=ORDER,
        group="order",
        record_type="order",
        tone="warn",
    ),
)
