"""People, companies and activities take custom fields; conditions and formulas may read some of their own fields."""

from core.conditions.criteria import Kind
from core.custom_fields.importing import import_source
from core.registries import custom_fields, imports
from core.registries.custom_fields import CustomHost

custom_fields.register(
    CustomHost(
        "contact",
        "contacts.Contact",
        order=("sort_name",),
        plain={
            "lifecycle_stage": Kind.CHOICE,
            "job_title": Kind.TEXT,
            "country": Kind.TEXT,
            "city": Kind.TEXT,
            "language": Kind.TEXT,
            "source": Kind.TEXT,
            "birthday": Kind.DATE,
            "do_not_contact": Kind.BOOL,
        },
    )
)
custom_fields.register(
    CustomHost(
        "company",
        "contacts.Company",
        order=("sort_name",),
        plain={
            "kind": Kind.CHOICE,
            "industry": Kind.TEXT,
            "country": Kind.TEXT,
            "city": Kind.TEXT,
            "source": Kind.TEXT,
            "employees": Kind.NUMBER,
            "annual_revenue": Kind.NUMBER,
            "founded_year": Kind.NUMBER,
        },
    )
)
custom_fields.register(
    CustomHost(
        "activity",
        "contacts.Activity",
        order=("occurred_at",),
        plain={
            "kind": Kind.CHOICE,
            "outcome": Kind.CHOICE,
            "direction": Kind.CHOICE,
            "duration_minutes": Kind.NUMBER,
        },
    )
)
imports.register_fields("contacts", import_source("contact"))
imports.register_fields("companies", import_source("company"))
imports.register_fields("activities", import_source("activity"))
