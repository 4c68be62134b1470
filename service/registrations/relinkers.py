"""What becomes of service's rows when people or companies are merged."""

from core.registries import relinkers
from core.registries.relinkers import Relinker
from service.models import Message, Ticket

relinkers.register(Relinker(Ticket, "contact"), Relinker(Ticket, "company"), Relinker(Message, "contact"))
