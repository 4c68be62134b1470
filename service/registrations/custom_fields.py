"""Tickets take custom fields."""

from core.conditions.criteria import Kind
from core.registries import custom_fields
from core.registries.custom_fields import CustomHost

custom_fields.register(CustomHost("ticket", "service.Ticket", plain={"priority": Kind.CHOICE}))
