"""Orders with their lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Company, Contact
from contacts.services.timeline import record_timeline
from core.custom_fields.saving import for_new
from core.enums import Action
from core.events import publish
from core.models import Tag
from core.money import base_currency, round_money, to_base
from core.services.base import default_team, require, require_on, save_changes, service
from sales.enums import OrderStatus
from sales.events import OrderPlaced
from sales.models import Deal, Order, OrderLine, Product
from sales.services.customers import mark_customers
from sales.services.happenings import happening_of_order
from sales.services.links import check_visible
from sales.services.locking import locked

EDITABLE = frozenset({"status", "number", "owner", "team", "contact", "company", "country", "custom"})
"""What `update_order` changes, beside the tags. The rest is fixed when the order is entered."""


@dataclass(frozen=True)
class OrderLineInput:
    """An item of an order; negative quantities take back."""

    product: Product | None = None
    description: str = ""
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = Decimal(0)


@service
def create_order(
    *,
    actor: Any,
    lines: Sequence[OrderLineInput],
    contact: Contact | None = None,
    company: Company | None = None,
    deal: Deal | None = None,
    ordered_at: datetime | None = None,
    currency: str = "",
    tags: Iterable[Tag] = (),
    **fields: Any,
) -> Order:
    """Enter an order; its total is the sum of its lines, each rounded to the smallest coin.

    Whoever ordered becomes a customer, and the order is on their timeline. `fields` are number, owner, team,
    status, is_cancellation, country, source, external_id and custom. Raises ValidationError by field, NoRate,
    NotAllowed.
    """
    require(actor, "order", Action.ADD)
    check_visible(actor, contact=contact, company=company, deal=deal)
    if not lines:
        raise ValidationError({"lines": _("An order has at least one line.")})
    currency = currency or base_currency()
    moment = ordered_at or timezone.now()
    owner = fields.pop("owner", actor)
    fields["custom"] = for_new("order", {"status": OrderStatus.PLACED, **fields})
    order = Order(
        contact=contact,
        company=company,
        deal=deal,
        owner=owner,
        team=fields.pop("team", None) or default_team(owner),
        ordered_at=moment,
        currency=currency,
        **fields,
    )
    rows = [_row(order, place, line) for place, line in enumerate(lines)]
    order.total = sum((row.total for row in rows), Decimal(0))
    order.base_total, order.rate_to_base = to_base(order.total, currency, moment.date())
    order.rate_date = moment.date()
    order.full_clean()
    _save(order, rows)
    order.tags.set(tags)
    require_on(actor, order, Action.ADD)
    _tell(actor, order)
    return order


@service
def update_order(
    *,
    actor: Any,
    order: Order,
    expected_version: int | None = None,
    tags: Iterable[Tag] | None = None,
    **fields: Any,
) -> Order:
    """Change fields of EDITABLE, and the tags where they are given. Raises ValidationError by field, NotAllowed,
    StaleRecord."""
    wrong = fields.keys() - EDITABLE
    if wrong:
        raise TypeError(f"no editable field of an order: {', '.join(sorted(wrong))}")
    current = locked(actor, order)
    check_visible(
        actor, **{name: fields[name] for name in ("contact", "company") if fields.get(name) is not None}
    )
    save_changes(current, fields, expected_version=expected_version, with_parts=tags is not None)
    if tags is not None:
        current.tags.set(tags)
    return current


def _row(order: Order, place: int, line: OrderLineInput) -> OrderLine:
    row = OrderLine(
        order=order,
        product=line.product,
        description=line.description.strip() or (line.product.name if line.product else ""),
        quantity=line.quantity,
        unit_price=line.unit_price,
        total=round_money(line.quantity * line.unit_price, order.currency),
        position=place,
    )
    try:
        row.full_clean(exclude=["order", "product"])
    except ValidationError as error:
        text = _("Line %(number)d: %(problem)s")
        raise ValidationError(
            {"lines": text % {"number": place + 1, "problem": " ".join(error.messages)}}
        ) from error
    return row


def _save(order: Order, rows: list[OrderLine]) -> None:
    order.save()
    if not order.number:
        order.number = f"O-{order.pk:06d}"
        order.save(update_fields=["number"])
    for row in rows:
        row.order = order
    OrderLine.objects.bulk_create(rows, batch_size=1000)


def _tell(actor: Any, order: Order) -> None:
    record_timeline(actor=actor, happenings=[happening_of_order(order, getattr(actor, "pk", None))])
    if not order.is_cancellation and order.status != OrderStatus.CANCELLED:
        mark_customers(
            actor=actor,
            contact_ids=[order.contact_id] if order.contact_id else [],
            company_ids=[order.company_id] if order.company_id else [],
        )
    publish(OrderPlaced(order_id=order.pk))
