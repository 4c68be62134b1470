"""What files can be imported as."""

import contacts.importing.layouts  # noqa: F401  (the layouts register themselves)
from contacts.importing.companies import CompanyTarget
from contacts.importing.contacts import ContactTarget
from core.registries import imports

imports.register(CompanyTarget())
imports.register(ContactTarget())
