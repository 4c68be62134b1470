"""Values: each kind from every form it comes in, and back unharmed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.custom_fields.definition import Definition, Option
from core.custom_fields.values import Money, clean_value, read, stored
from core.enums import CustomKind

OPTIONS = (Option("s", "Small"), Option("m", "Medium"), Option("l", "Large", retired=True))


def field(kind: CustomKind, **values: Any) -> Definition:
    return Definition(1, "contact", "thing", "Thing", kind, options=OPTIONS, **values)


@pytest.mark.parametrize(
    ("kind", "given_value", "expected"),
    [
        (CustomKind.TEXT, "  Ada ", "Ada"),
        (CustomKind.TEXT, "   ", None),
        (CustomKind.NUMBER, "12.50", Decimal("12.5")),
        (CustomKind.NUMBER, 1200, Decimal(1200)),
        (CustomKind.NUMBER, 0.1, Decimal("0.1")),
        (CustomKind.DATE, "2026-11-30", date(2026, 11, 30)),
        (CustomKind.BOOLEAN, "no", False),
        (CustomKind.BOOLEAN, True, True),
        (CustomKind.CHOICE, "m", "m"),
        (CustomKind.MULTI, ["l", "s"], ["s", "l"]),
        (CustomKind.MONEY, "12.50 EUR", Money(Decimal("12.5"), "EUR")),
        (CustomKind.MONEY, {"amount": 3, "currency": "USD"}, Money(Decimal(3), "USD")),
        (CustomKind.LINK, "17", 17),
        (CustomKind.LINK, "", None),
    ],
)
def test_value_is_cleaned(kind: CustomKind, given_value: Any, expected: Any) -> None:
    assert clean_value(field(kind), given_value) == expected


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (CustomKind.TEXT, "a" * 501),
        (CustomKind.TEXT, "a\x00b"),
        (CustomKind.TEXT, ["a"]),
        (CustomKind.NUMBER, "twelve"),
        (CustomKind.NUMBER, "NaN"),
        (CustomKind.NUMBER, "1234567890123456"),
        (CustomKind.NUMBER, True),
        (CustomKind.DATE, "30.11.2026"),
        (CustomKind.BOOLEAN, "perhaps"),
        (CustomKind.CHOICE, "xl"),
        (CustomKind.MULTI, ["s", "xl"]),
        (CustomKind.MONEY, {"amount": 3, "currency": "euro"}),
        (CustomKind.MONEY, {"amount": 3, "rate": 2}),
        (CustomKind.LINK, "-1"),
        (CustomKind.LINK, True),
    ],
)
def test_wrong_value_is_refused(kind: CustomKind, wrong: Any) -> None:
    with pytest.raises(ValidationError):
        clean_value(field(kind), wrong)


def test_value_left_over_from_another_kind_reads_as_nothing() -> None:
    assert read(field(CustomKind.NUMBER), {"thing": "twelve"}) is None
    assert read(field(CustomKind.TEXT), {"thing": 12}) is None
    assert read(field(CustomKind.DATE), {"thing": ["a"]}) is None
    assert read(field(CustomKind.LINK), {"thing": {"amount": 1}}) is None


numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=5)
VALUES = {
    CustomKind.TEXT: st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1),
    CustomKind.NUMBER: numbers,
    CustomKind.DATE: st.dates(min_value=date(1000, 1, 1)),
    CustomKind.BOOLEAN: st.booleans(),
    CustomKind.CHOICE: st.sampled_from(["s", "m", "l"]),
    CustomKind.MULTI: st.lists(st.sampled_from(["s", "m", "l"]), min_size=1),
    CustomKind.MONEY: st.builds(Money, numbers, st.sampled_from(["EUR", "USD"])),
    CustomKind.LINK: st.integers(1, 10**14),
}


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_stored_value_reads_back_as_itself(kind: CustomKind, data: Any) -> None:
    one = field(kind)
    value = clean_value(one, data.draw(VALUES[kind]))
    assert read(one, {"thing": stored(one, value)} if value is not None else {}) == value
