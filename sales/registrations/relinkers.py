"""What becomes of sales' rows when people or companies are merged."""

from core.registries import relinkers
from core.registries.relinkers import Relinker
from sales.models import Deal, DealContact, Order

relinkers.register(
    Relinker(DealContact, "contact", fold={"role": "first", "is_primary": "or"}),
    Relinker(Deal, "contact"),
    Relinker(Deal, "company"),
    Relinker(Order, "contact"),
    Relinker(Order, "company"),
)
