"""Tickets take custom fields."""

from core.conditions.criteria import Kind
from core.custom_fields.importing import import_source
from core.registries import custom_fields, imports
from core.registries.custom_fields import CustomHost

custom_fields.register(CustomHost("ticket", "service.Ticket", plain={"priority": Kind.CHOICE}))
imports.register_fields("tickets", import_source("ticket"))
