"""What a deal is about: its lines, whose sum is the deal's amount."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.events import publish
from core.services.base import save_changes, service
from sales.events import DealChanged
from sales.models import Deal, DealLine, Product
from sales.services.amounts import line_total, valued
from sales.services.locking import locked


@dataclass(frozen=True)
class LineInput:
    """An item as somebody enters it; without a price the product's list price counts."""

    product: Product | None = None
    description: str = ""
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    discount_percent: Decimal = Decimal(0)


@service
def set_deal_lines(
    *, actor: Any, deal: Deal, lines: Sequence[LineInput], expected_version: int | None = None
) -> Deal:
    """Replace the lines; the amount becomes their sum (without lines it stays as it is and can be edited
    again). Raises ValidationError naming the line, NotAllowed, StaleRecord."""
    current = locked(actor, deal)
    save_changes(current, {}, expected_version=expected_version)
    current.lines.all().delete()
    put_lines(actor, current, lines)
    publish(DealChanged(deal_id=current.pk, fields=["amount"]))
    return current


def put_lines(actor: Any, deal: Deal, lines: Sequence[LineInput]) -> None:
    """Write the lines of a deal that is locked and has none."""
    if not lines:
        return
    rows = [_row(deal, place, line) for place, line in enumerate(lines)]
    DealLine.objects.bulk_create(rows)
    day = (deal.closed_at or timezone.now()).date()
    save_changes(deal, valued(sum((row.total for row in rows), Decimal(0)), deal.currency, day))


def _row(deal: Deal, place: int, line: LineInput) -> DealLine:
    row = DealLine(
        deal=deal,
        product=line.product,
        description=line.description.strip() or (line.product.name if line.product else ""),
        quantity=line.quantity,
        unit_price=_price(deal, line),
        discount_percent=line.discount_percent,
        position=place,
    )
    row.total = line_total(row.quantity, row.unit_price, row.discount_percent, deal.currency)
    try:
        row.full_clean(exclude=["deal", "product"])
    except ValidationError as error:
        text = " ".join(error.messages)
        raise ValidationError(
            {"lines": _("Line %(number)d: %(problem)s") % {"number": place + 1, "problem": text}}
        ) from error
    if row.total < 0:
        raise ValidationError(
            {"lines": _("Line %(number)d: a price is not negative.") % {"number": place + 1}}
        )
    return row


def _price(deal: Deal, line: LineInput) -> Decimal:
    if line.unit_price is not None:
        return line.unit_price
    product = line.product
    if product is None or product.list_price is None or product.currency not in ("", deal.currency):
        return Decimal(0)
    return product.list_price
