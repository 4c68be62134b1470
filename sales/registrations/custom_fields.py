"""Deals take custom fields."""

from core.conditions.criteria import Kind
from core.custom_fields.importing import import_source
from core.registries import custom_fields, imports
from core.registries.custom_fields import CustomHost

custom_fields.register(
    CustomHost("deal", "sales.Deal", order=("sort_name",), plain={"source": Kind.TEXT, "amount": Kind.NUMBER})
)
imports.register_fields("deals", import_source("deal"))
