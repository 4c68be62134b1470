"""How other programs export people, companies and activities. Made from their public documentation."""

from contacts.importing.layouts import activities, crm, leads, personal
from core.registries import imports

imports.register_layouts(*crm.LAYOUTS, *leads.LAYOUTS, *activities.LAYOUTS, *personal.LAYOUTS)
