"""What sales hands to core's registries, by subject; importing this package registers all of it."""

from sales.registrations import (
    access,
    api,
    bulk,
    customer_profile,
    deal_columns,
    deal_criteria,
    home,
    imports,
    panels,
    party_columns,
    party_criteria,
    privacy,
    product_and_order_lists,
    relinkers,
    timeline,
    types,
)

__all__ = [
    "access",
    "api",
    "bulk",
    "customer_profile",
    "deal_columns",
    "deal_criteria",
    "home",
    "imports",
    "panels",
    "party_columns",
    "party_criteria",
    "privacy",
    "product_and_order_lists",
    "relinkers",
    "timeline",
    "types",
]
