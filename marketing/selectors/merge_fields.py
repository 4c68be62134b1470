"""The merge fields that placeholders may name, and how they are read from a contact."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELDS: Mapping[str, tuple[str | Promise, str]] = MappingProxyType(
    {
        "first_name": (_("First name"), "first_name"),
        "last_name": (_("Last name"), "last_name"),
        "name": (_("Whole name"), "name"),
        "salutation": (_("Salutation"), "salutation"),
        "job_title": (_("Job title"), "job_title"),
        "company": (_("Company"), "company__name"),
        "city": (_("City"), "city"),
    }
)
"""Name → (label, ORM path from Contact)."""


def sample_values(contact: Any | None) -> dict[str, str]:
    """The fields of one contact, or made-up ones where nobody is there to show."""
    if contact is None:
        return {
            "first_name": "Ada",
            "last_name": "Lovelace",
            "name": "Ada Lovelace",
            "salutation": "Ms",
            "job_title": "Analyst",
            "company": "Analytical Engines",
            "city": "London",
        }
    values = {}
    for key, (_label, path) in FIELDS.items():
        value: Any = contact
        for step in path.split("__"):
            value = getattr(value, step, None)
        values[key] = str(value or "")
    return values
