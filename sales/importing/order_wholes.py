"""Rows that mean an order as a whole and none of its lines: those of an export, and words that were decided."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from core.enums import AccessLevel, Action, ImportRowFate
from core.expressions import Among
from core.importing.problems import Problem
from core.importing.rows import ImportContext, Row
from sales.importing.order_heads import OrderHeads, changeable
from sales.importing.order_left_alone import tell_what_orders_keep
from sales.models import Order

OF_LINES = ("sku", "description", "quantity", "unit_price")


def find_whole(context: ImportContext, rows: Sequence[Row]) -> None:
    """Give rows with our own id their order; those that name none the person may change fail, and so do those
    that speak of a line too: lines are known by their order's number and their place."""
    ids = {row.values["record_id"] for row in rows}
    known = _seen(context, ids)
    mine = changeable(context, sorted(known))
    for row in rows:
        pk = row.values["record_id"]
        if any(name in row.values for name in OF_LINES):
            text = _("a row with a Meridian id is about the order; leave the id out to bring its lines.")
            row.fail(Problem("value", text, "record_id"))
        elif pk not in known:
            row.fail(Problem("unknown_id", _("there is no order with this id."), "record_id"))
        elif pk not in mine:
            row.fail(Problem("scope", _("this record exists and is not yours to change.")))
        else:
            row.object_id = pk
    tell_what_orders_keep(context, [row for row in rows if row.object_id is not None])


def _seen(context: ImportContext, ids: set[int]) -> set[int]:
    profile = context.profile
    rows = Order.objects.all()
    if profile is not None and profile.level("order", Action.VIEW) != AccessLevel.ALL:
        rows = Order.objects.visible_to(context.actor, Action.VIEW)
    return set(rows.filter(Among("pk", ids)).values_list("pk", flat=True))


def write_whole(context: ImportContext, rows: Sequence[Row]) -> None:
    """Write tags and custom fields of the rows' orders (`object_id`), each order's rows together."""
    if not rows:
        return
    heads = OrderHeads(context)
    by_order: dict[int, list[Row]] = {}
    for row in heads.read(rows):
        by_order.setdefault(row.object_id or 0, []).append(row)
    orders = {order.pk: order for order in Order.objects.filter(Among("pk", list(by_order)))}
    found = [heads.of(pk, mine, orders[pk], begun=False) for pk, mine in by_order.items() if pk in orders]
    found = heads.settle(found, creating=False)
    heads.change(found, orders)
    standing = [row for head in found for row in head.rows]
    heads.add_tags(standing)
    heads.remember(found)
    for row in standing:
        row.fate = row.fate or ImportRowFate.SKIPPED
