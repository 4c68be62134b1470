"""What files can be imported as."""

from contacts.importing.companies import CompanyTarget
from contacts.importing.contacts import ContactTarget
from core.registries import imports

imports.register(CompanyTarget())
imports.register(ContactTarget())
