"""How deals and orders appear on the timelines of their people and companies."""

from datetime import datetime
from typing import Any

from contacts.services.timeline import COPY, Happening, record_timeline
from sales.models import Deal, Order


def tell_of_deal(
    actor: Any, deal: Deal, kind: str, at: datetime, key: str, data: dict[str, Any] | None = None
) -> None:
    """One line for each person on the deal; the company's shows on the primary contact's, or alone."""
    people = list(deal.deal_contacts.order_by("-is_primary", "pk").values_list("contact_id", flat=True))
    happenings = [
        Happening(
            kind=kind,
            occurred_at=at,
            dedupe_key=f"deal:{deal.pk}:{key}" if place == 0 else f"deal:{deal.pk}:{key}{COPY}{contact_id}",
            contact_id=contact_id,
            company_id=deal.company_id if place == 0 else None,
            actor_id=getattr(actor, "pk", None),
            title=deal.name,
            data=data or {},
            record_type="deal",
            object_id=deal.pk,
        )
        for place, contact_id in enumerate(people or [None])
    ]
    record_timeline(actor=actor, happenings=happenings)


def happening_of_order(order: Order, actor_id: int | None = None) -> Happening:
    """The line of an order; imports collect these and write them by the thousand."""
    return Happening(
        kind="order.cancelled" if order.is_cancellation else "order.placed",
        occurred_at=order.ordered_at,
        dedupe_key=f"order:{order.pk}:placed",
        contact_id=order.contact_id,
        company_id=order.company_id,
        actor_id=actor_id,
        title=order.number,
        data={"total": str(order.total), "currency": order.currency},
        record_type="order",
        object_id=order.pk,
    )
