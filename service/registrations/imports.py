"""Import targets, and what activities may be about."""

from core.registries import imports
from service.importing.about_tickets import ABOUT_TICKETS
from service.importing.layouts import LAYOUTS
from service.importing.tickets import TicketTarget

imports.register(TicketTarget())
imports.register_fields("activities", ABOUT_TICKETS)
imports.register_layouts(*LAYOUTS)
