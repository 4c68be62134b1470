"""Which of sales' rows are about a person."""

from core.privacy.mentions import search_also
from core.registries import privacy
from core.registries.privacy import PersonalRows
from sales.models import Deal, DealContact, DealLine, DealStageChange, Order, OrderLine

privacy.register(
    PersonalRows(DealLine, rows=lambda pk: DealLine.objects.filter(deal__contact_id=pk), order=50),
    PersonalRows(
        DealStageChange, rows=lambda pk: DealStageChange.objects.filter(deal__contact_id=pk), order=51
    ),
    PersonalRows(OrderLine, rows=lambda pk: OrderLine.objects.filter(order__contact_id=pk), order=52),
    PersonalRows(Order, rows=lambda pk: Order.all_objects.filter(contact_id=pk), order=53),
    PersonalRows(Deal, rows=lambda pk: Deal.all_objects.filter(contact_id=pk), order=54),
    PersonalRows(DealContact, rows=lambda pk: DealContact.objects.filter(contact_id=pk), order=55),
)
# a deal with a firm or with somebody else may be called after the person
search_also(Deal, "name", "sort_name", "source", "close_note", "description")
