"""What files can be imported as."""

from functools import partial

import contacts.importing.layouts  # noqa: F401  (the layouts register themselves)
from contacts.importing.activities import ActivityTarget
from contacts.importing.companies import CompanyTarget
from contacts.importing.contacts import ContactTarget
from contacts.importing.likely import sure_companies, sure_people
from contacts.models import Company, Contact
from contacts.selectors.external_keys import by_further_key
from core.registries import imports

imports.register_further_keys("contacts.Company", partial(by_further_key, Company))
imports.register_further_keys("contacts.Contact", partial(by_further_key, Contact))
imports.register_matcher("contacts", sure_people)
imports.register_matcher("companies", sure_companies)
imports.register(CompanyTarget())
imports.register(ContactTarget())
imports.register(ActivityTarget())
