"""What service hands to core's registries, by subject; importing this package registers all of it."""

from service.registrations import (
    access,
    api,
    bulk,
    columns,
    criteria,
    custom_fields,
    customer_profile,
    imports,
    panels,
    privacy,
    processing,
    relinkers,
    segment_sources,
    surveys,
    timeline,
    types,
)

__all__ = [
    "access",
    "api",
    "bulk",
    "columns",
    "criteria",
    "custom_fields",
    "customer_profile",
    "imports",
    "panels",
    "privacy",
    "processing",
    "relinkers",
    "segment_sources",
    "surveys",
    "timeline",
    "types",
]
