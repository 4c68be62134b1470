"""Tickets on the map: at the people and companies that wrote them."""

from contacts.views.maps import MapPage
from service.views.tickets import TicketList


class TicketMap(MapPage):
    record_type = "ticket"
    page = TicketList
    links = ("contact", "company")
