"""What a file says otherwise than an order that is here, and no row of it changes: an order's day has a rate, its
customer a timeline, its number other lines of files. The row's note names it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Company, Contact
from core.custom_fields.names import is_custom
from core.enums import AccessLevel, Action
from core.importing.problems import Problem
from core.importing.rows import ImportContext, Row
from sales.models import Order

LABELS = {
    "number": gettext_lazy("Number"),
    "ordered_at": gettext_lazy("Ordered"),
    "customer": gettext_lazy("Customer (external id)"),
    "country": gettext_lazy("Country"),
    "company": gettext_lazy("Company"),
    "currency": gettext_lazy("Currency"),
}
SECONDS_LOST = 60
"""What a spreadsheet leaves out of a time of day."""


def tell_what_orders_keep(context: ImportContext, rows: Sequence[Row]) -> None:
    """Rows that name an order by our own id change its tags and custom fields."""
    orders = Order.objects.select_related("contact", "company").in_bulk([row.object_id for row in rows])
    shown = _parties_in_sight(context, orders.values())
    for row in rows:
        stays = _others_than(orders[row.object_id or 0], row, shown)
        row.problems = [item for item in row.problems if is_custom(item.field)]
        text = _("with a Meridian id only tags and custom fields are changed; left as they are: %(fields)s.")
        _note(row, text, stays)


def tell_what_lines_leave(
    context: ImportContext,
    lines: Iterable[tuple[Row, Order]],
    customers: Mapping[str, int],
    begun: set[int],
) -> None:
    """Rows that name an order by its number change its lines. `customers` are the contacts by external id, `begun`
    the orders that this run has brought: whose customer they have is no secret to who brings them."""
    found = [(row, order) for row, order in lines if row.fate is not None]
    known = {order.pk: order for _row, order in found if order.pk not in begun}
    shown = _parties_in_sight(context, known.values())
    for row, order in found:
        mine = order.pk in begun
        stays = _others_than_line(context, order, row, customers)
        stays["customer"] |= "customer" in row.values and not (mine or order.contact_id in shown[0])
        stays["company"] |= "company" in row.values and not (mine or order.company_id in shown[1])
        text = _("a line changes nothing of the order itself; left as they are: %(fields)s.")
        _note(row, text, stays)


def _note(row: Row, text: str, stays: Mapping[str, bool]) -> None:
    fields = ", ".join(str(label) for name, label in LABELS.items() if stays.get(name))
    if fields:
        row.problems.append(Problem("left", text % {"fields": fields}))


def _others_than(order: Order, row: Row, shown: tuple[set[int], set[int]]) -> dict[str, bool]:
    """Whether the row says otherwise than the order, by field."""
    contact = order.contact if order.contact_id in shown[0] else None
    company = order.company if order.company_id in shown[1] else None
    names = {str(contact or company or ""), contact.external_id if contact else ""}
    said, waiting = row.values, {item.field: item.text for item in row.problems}
    return {
        **_plainly_others(order, row),
        "number": said.get("number", order.number) != order.number,
        "customer": "customer" in said and said["customer"] not in names,
        "company": said.get("company", order.company_id) != order.company_id
        or ("company" in waiting and waiting["company"] != (company.name if company else "")),
    }


def _others_than_line(
    context: ImportContext, order: Order, row: Row, customers: Mapping[str, int]
) -> dict[str, bool]:
    """The same for a line: its customer is an external id, its amounts are in the currency of the file. A company
    that a person has yet to decide on becomes the order's where it has none."""
    said = row.values
    return {
        **_plainly_others(order, row),
        "customer": "customer" in said and customers.get(said["customer"]) != order.contact_id,
        "company": said.get("company", order.company_id) != order.company_id,
        "currency": order.currency != context.currency,
    }


def _plainly_others(order: Order, row: Row) -> dict[str, bool]:
    ordered_at: Any = row.values.get("ordered_at", order.ordered_at)
    country = row.words.get("country", order.country)[:80]
    return {
        "ordered_at": abs((ordered_at - order.ordered_at).total_seconds()) >= SECONDS_LOST,
        "country": country.casefold() != order.country.casefold(),
    }


def _parties_in_sight(context: ImportContext, orders: Iterable[Order]) -> tuple[set[int], set[int]]:
    """The customers of the orders that the person sees: a note tells nothing of others."""
    known = list(orders)
    return (
        _in_sight(context, Contact, {order.contact_id for order in known if order.contact_id}),
        _in_sight(context, Company, {order.company_id for order in known if order.company_id}),
    )


def _in_sight(context: ImportContext, model: type[Contact] | type[Company], ids: set[int]) -> set[int]:
    profile = context.profile
    if not ids or profile is None or profile.level(model.record_type, Action.VIEW) == AccessLevel.ALL:
        return ids
    return set(model.objects.visible_to(context.actor).filter(pk__in=ids).values_list("pk", flat=True))
