"""What the engine hands to the registries: columns and criteria that are asked for each time."""

from django.utils.translation import gettext_lazy as _

from core.conditions import criteria
from core.custom_fields import jobs  # noqa: F401  (its job kinds register themselves)
from core.custom_fields.listing import columns_of, criteria_of
from core.registries import columns, grants, navigation
from core.registries.navigation import NavEntry

columns.register_source(columns_of)
criteria.register_source(criteria_of)
grants.register("custom_field", _("Custom fields"))
navigation.register(
    NavEntry(
        "custom_fields",
        _("Custom fields"),
        icon="forms",
        url_name="core:custom_field_list",
        section="settings",
        order=80,
        allowed=lambda profile: profile.can("manage_custom_fields"),
    )
)
