"""A custom field of each kind with two values, `low` before `high` in order, as every channel writes them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.enums import CustomKind
from core.models import CustomField
from core.services.custom_fields import create_custom_field

KEY = "probe"
NAME = f"cf_{KEY}"


@dataclass(frozen=True)
class Case:
    """`held` is what the column holds, `posted` a form's parameters, `cell` a file's cell, `told` what an
    export writes and `query` the parameter of a list's filter that only `low` meets."""

    kind: CustomKind
    low: Any
    high: Any
    posted: dict[str, Any]
    cell: str
    told: str
    query: str
    shown: str
    definition: dict[str, Any] = field(default_factory=dict)
    sorts: bool = True
    words: str = ""  # what the search finds `low` by; nothing for kinds that are not searched

    def make(self, **values: Any) -> CustomField:
        kwargs = {**self.definition, **values}
        return create_custom_field(
            actor=None, record_type="contact", label="Probe", kind=self.kind.value, key=KEY, **kwargs
        )


OPTIONS = ["Gold", "Silver", "Tin; old, dull"]
CASES = [
    Case(CustomKind.TEXT, "Almond", "hazel", {NAME: "Almond"}, "Almond", "Almond", "is=almond", "Almond",
         words="lmon"),
    Case(CustomKind.LONG_TEXT, "One\ntwo", "Three", {NAME: "One\ntwo"}, "One\ntwo", "One\ntwo",
         "contains=two", "One", sorts=False, words="two"),
    Case(CustomKind.NUMBER, 12.5, 100, {NAME: "12.5"}, "12.50", "12.5", "lte=12.5", "12.5", words="12.5"),
    Case(CustomKind.DATE, "2024-02-29", "2026-01-01", {NAME: "2024-02-29"}, "2024-02-29", "2024-02-29",
         "before=2025-01-01", "29 Feb 2024"),
    Case(CustomKind.BOOLEAN, True, False, {NAME: "true"}, "yes", "yes", "is=true", "Yes", sorts=False),
    Case(CustomKind.CHOICE, "gold", "silver", {NAME: "gold"}, "Gold", "Gold", "in=gold", "Gold",
         {"options": OPTIONS}, words="gold"),
    Case(CustomKind.MULTI, ["gold", "silver"], ["tin_old_dull"], {NAME: ["silver", "gold"]}, "Gold, Silver",
         "Gold; Silver", "in=silver", "Silver", {"options": OPTIONS}, sorts=False),
    Case(CustomKind.MONEY, {"amount": 12.5, "currency": "EUR"}, {"amount": 100, "currency": "EUR"},
         {f"{NAME}_amount": "12.5", f"{NAME}_currency": "EUR"}, "12.50 EUR", "12.5 EUR", "lt=50", "€12.50"),
]  # fmt: skip
LINK = "link"


def link_case(first: Any, second: Any) -> Case:
    """The case of a link, to two companies that are there."""
    return Case(
        CustomKind.LINK, first.pk, second.pk, {NAME: str(first.pk)}, first.name, first.name,
        f"in={first.pk}", first.name, {"ref_type": "company"}, sorts=False,
    )  # fmt: skip


def parameter(case: Case) -> str:
    """The filter as a list's query string."""
    op, _separator, value = case.query.partition("=")
    return f"{NAME}__{op}={value}"


Make = Callable[[], Case]
