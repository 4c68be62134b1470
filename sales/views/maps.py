"""Deals and orders on the map: at their companies and people."""

from contacts.views.maps import MapPage
from sales.views.deal_lists import DealList
from sales.views.orders import OrderList


class DealMap(MapPage):
    record_type = "deal"
    page = DealList
    links = ("company", "contact")


class OrderMap(MapPage):
    record_type = "order"
    page = OrderList
    links = ("contact", "company")
