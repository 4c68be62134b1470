"""How other programs export people and companies. Made from their public documentation."""

from contacts.importing.layouts import crm, personal
from core.registries import imports

imports.register_layouts(*crm.LAYOUTS, *personal.LAYOUTS)
