"""Resources of the API."""

from core.api.router import register
from service.api.queues import QueueRecords
from service.api.tickets import TicketRecords

register("tickets", TicketRecords, "ticket")
register("queues", QueueRecords, "queue")
