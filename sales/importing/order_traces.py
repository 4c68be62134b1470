"""What imported orders leave behind: timelines, customers, and companies that a person has decided on."""

from collections import defaultdict
from collections.abc import Sequence

from contacts.models import TimelineEntry
from contacts.services.timeline import record_timeline
from core.importing.bulk import update_rows
from core.importing.rows import ImportContext, Row
from sales.models import Order
from sales.services.customers import mark_customers
from sales.services.happenings import happening_of_order


def tell_orders(context: ImportContext, orders: Sequence[Order]) -> None:
    """Put orders on the timelines of whoever ordered, and make these customers. Telling it again changes nothing."""
    actor = context.actor
    known = [order for order in orders if order.contact_id or order.company_id]
    happenings = [happening_of_order(order, actor.pk if actor else None) for order in known]
    record_timeline(actor=actor, happenings=happenings)
    bought = [order for order in known if not order.is_cancellation]
    mark_customers(
        actor=actor,
        contact_ids=[order.contact_id for order in bought if order.contact_id],
        company_ids=[order.company_id for order in bought if order.company_id],
    )


def set_companies(context: ImportContext, rows: Sequence[Row]) -> None:
    """A person has decided which company a word means: the orders become the company's, if they have none yet, and
    stand on its timeline."""
    wanted = {row.object_id: row.values["company"] for row in rows if row.values.get("company")}
    if not wanted:
        return
    free = Order.objects.filter(pk__in=wanted, company=None).values_list("pk", flat=True)
    changed = update_rows(Order, ("company_id",), [(pk, wanted[pk]) for pk in free])
    by_company: dict[int, list[int]] = defaultdict(list)
    for pk in changed:
        by_company[wanted[pk]].append(pk)
    told = TimelineEntry.objects.filter(record_type="order", company=None)
    for company, orders in by_company.items():
        told.filter(object_id__in=orders).update(company=company)
    tell_orders(context, list(Order.objects.filter(pk__in=changed)))
