"""What the engine hands to the registries: columns and criteria that are asked for each time."""

from core.conditions import criteria
from core.custom_fields import jobs  # noqa: F401  (its job kinds register themselves)
from core.custom_fields.listing import columns_of, criteria_of
from core.registries import columns

columns.register_source(columns_of)
criteria.register_source(criteria_of)
