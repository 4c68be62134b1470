"""Values of one kind as another: what retyping a field makes of them."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from core.custom_fields.definition import Definition, Option
from core.custom_fields.values import Money, clean_value, read
from core.enums import CustomKind

LISTED = (CustomKind.CHOICE, CustomKind.MULTI)


def convert(source: Definition, target: Definition, held: Any) -> Any:
    """The value in Python of `held` (what the column has) as `target`; None where there is none. Raises
    ValidationError for a value that does not fit."""
    value = read(source, {source.key: held})
    if value is None:
        return None
    if target.kind in LISTED:
        return clean_value(target, _options(source, target, value))
    return clean_value(target, _plain(source, target, value))


def _options(source: Definition, target: Definition, value: Any) -> Any:
    words = value if isinstance(value, list) else [_words(source, value)]
    by_word = {option.label.casefold(): option.value for option in target.options}
    by_word |= {option.value.casefold(): option.value for option in target.options}
    found = [by_word.get(str(word).casefold(), str(word)) for word in words]
    if target.kind == CustomKind.MULTI:
        return found
    if len(found) > 1:
        raise ValidationError("")
    return found[0]


def _plain(source: Definition, target: Definition, value: Any) -> Any:
    if isinstance(value, Money):
        return (
            value.amount if target.kind == CustomKind.NUMBER else value if _is_money(target) else str(value)
        )
    if (
        isinstance(value, list)
        and len(value) > 1
        and target.kind not in (CustomKind.TEXT, CustomKind.LONG_TEXT)
    ):
        raise ValidationError("")
    return _words(source, value)


def _is_money(target: Definition) -> bool:
    return target.kind == CustomKind.MONEY


def _words(source: Definition, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(source.label_of(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return source.label_of(value) if source.kind == CustomKind.CHOICE else str(value)


def option_of(label: str, taken: set[str]) -> Option:
    """An option for a label, with a value of its own."""
    from django.utils.text import slugify

    base = slugify(label).replace("-", "_")[:50] or "option"
    value, number = base, 2
    while value in taken:
        value, number = f"{base}_{number}", number + 1
    return Option(value, label[:80])
