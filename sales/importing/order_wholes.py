"""Rows that mean an order as a whole and none of its lines: those of an export, and words that were decided."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Company, Contact
from core.custom_fields.names import is_custom
from core.enums import AccessLevel, Action, ImportRowFate
from core.expressions import Among
from core.importing.problems import Problem
from core.importing.rows import ImportContext, Row
from sales.importing.order_heads import OrderHeads, changeable
from sales.models import Order

OF_LINES = ("sku", "description", "quantity", "unit_price")
LEFT_ALONE = {
    "number": gettext_lazy("Number"),
    "ordered_at": gettext_lazy("Ordered"),
    "customer": gettext_lazy("Customer (external id)"),
    "country": gettext_lazy("Country"),
    "company": gettext_lazy("Company"),
}
SECONDS_LOST = 60
"""What a spreadsheet leaves out of a time of day."""


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
    _tell_what_stays(context, [row for row in rows if row.object_id is not None])


def _tell_what_stays(context: ImportContext, rows: Sequence[Row]) -> None:
    """A row about an order changes its tags and custom fields. What else it says, and the order does not, is left as
    it is: an order's day has a rate, its customer a timeline, its number other lines of files."""
    orders = Order.objects.select_related("contact", "company").in_bulk([row.object_id for row in rows])
    shown = _parties_in_sight(context, list(orders.values()))
    for row in rows:
        stays = _others_than(orders[row.object_id or 0], row, shown)
        row.problems = [item for item in row.problems if is_custom(item.field)]
        if stays:
            text = _(
                "with a Meridian id only tags and custom fields are changed; left as they are: %(fields)s."
            )
            fields = ", ".join(str(LEFT_ALONE[name]) for name in stays)
            row.problems.append(Problem("left", text % {"fields": fields}))


def _others_than(order: Order, row: Row, shown: tuple[set[int], set[int]]) -> list[str]:
    """The fields that the row says otherwise than the order."""
    contact = order.contact if order.contact_id in shown[0] else None
    company = order.company if order.company_id in shown[1] else None
    names = {str(contact or company or ""), contact.external_id if contact else ""}
    said, waiting = row.values, {item.field: item.text for item in row.problems}
    ordered_at = said.get("ordered_at", order.ordered_at)
    differs = {
        "number": said.get("number", order.number) != order.number,
        "ordered_at": abs((ordered_at - order.ordered_at).total_seconds()) >= SECONDS_LOST,
        "customer": "customer" in said and said["customer"] not in names,
        "country": row.words.get("country", order.country).casefold() != order.country.casefold(),
        "company": said.get("company", order.company_id) != order.company_id
        or ("company" in waiting and waiting["company"] != (company.name if company else "")),
    }
    return [name for name in LEFT_ALONE if differs[name]]


def _parties_in_sight(context: ImportContext, orders: Sequence[Order]) -> tuple[set[int], set[int]]:
    """The customers of the orders that the person sees: a note tells nothing of others."""
    found = []
    for model, ids in (
        (Contact, {order.contact_id for order in orders}),
        (Company, {order.company_id for order in orders}),
    ):
        rows = model.objects.all() if context.profile is None else model.objects.visible_to(context.actor)
        found.append(set(rows.filter(pk__in=ids - {None}).values_list("pk", flat=True)))
    return found[0], found[1]


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
