"""Values of custom fields: from what a form, a file or the API brings to what the column holds, and back.

| kind | in the column (JSON) | in Python |
|---|---|---|
| text, long text | text | `str` |
| number | number, at most 15 digits | `Decimal` |
| date | `"2026-11-30"` | `date` |
| yes or no | `true`, `false` | `bool` |
| choice | the option's value | `str` |
| several choices | list of values, in the options' order | `list[str]` |
| money | `{"amount": 12.5, "currency": "EUR"}` | `Money` |
| link | the record's id | `int` |

No value is no key. Fifteen digits pass through JSON's numbers unharmed, so decimals stay exact.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.custom_fields.definition import Definition
from core.enums import CustomKind
from core.registries import records

MAX_TEXT = 500
MAX_LONG_TEXT = 20_000
DIGITS = 15
CURRENCY = re.compile(r"[A-Z]{3}")
WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True)
class Money:
    """An amount with its currency (ISO 4217)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


def is_blank(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == () or value == {}


def clean_value(definition: Definition, value: Any) -> Any:
    """The value in Python, from Python, JSON or text; None for nothing. Raises ValidationError with a
    sentence. Whether an option or a record may be chosen by somebody is for the caller to check."""
    if is_blank(value):
        return None
    return _CLEANERS[definition.value_kind](definition, value)


def stored(definition: Definition, value: Any) -> Any:
    """What the column holds for a value in Python."""
    if isinstance(value, Decimal):
        return _json_number(value)
    if isinstance(value, Money):
        return {"amount": _json_number(value.amount), "currency": value.currency}
    return value.isoformat() if isinstance(value, date) else value


def read(definition: Definition, held: Any) -> Any:
    """The value in Python from what a record's `custom` holds; None for nothing, and for what is left of
    another kind until its conversion has come by."""
    raw = held.get(definition.key) if isinstance(held, dict) else None
    if raw is None or isinstance(raw, str) != (definition.value_kind in _TEXTUAL):
        return None
    try:
        return clean_value(definition, raw)
    except ValidationError:
        return raw if definition.value_kind in (CustomKind.CHOICE, CustomKind.MULTI) else None


_TEXTUAL = (CustomKind.TEXT, CustomKind.LONG_TEXT, CustomKind.DATE, CustomKind.CHOICE)


def _json_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _text(limit: int) -> Callable[[Definition, Any], str | None]:
    def clean(definition: Definition, value: Any) -> str | None:
        if not isinstance(value, str | int | float | Decimal) or isinstance(value, bool):
            raise ValidationError(_("Type a text."))
        text = str(value).strip()
        if "\x00" in text:
            raise ValidationError(_("The text holds a character that can't be kept."))
        if len(text) > limit:
            raise ValidationError(_("Use at most %(limit)d characters.") % {"limit": limit})
        return text or None

    return clean


def _number(definition: Definition, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValidationError(_("Type a number, such as 12.5."))
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value).strip())
    except InvalidOperation:
        raise ValidationError(_("Type a number, such as 12.5.")) from None
    if not number.is_finite():
        raise ValidationError(_("Type a number, such as 12.5."))
    number = number.normalize()
    exponent = number.as_tuple().exponent
    if len(number.as_tuple().digits) > DIGITS or abs(number) >= 10**DIGITS or int(exponent) < -DIGITS:
        raise ValidationError(_("Use at most %(digits)d digits.") % {"digits": DIGITS})
    return number if exponent <= 0 else number.quantize(Decimal(1))  # type: ignore[operator]


def _date(definition: Definition, value: Any) -> date:
    if isinstance(value, date):
        found = value if value.__class__ is date else value.date()  # type: ignore[attr-defined]
    else:
        try:
            found = date.fromisoformat(str(value).strip()[:10])
        except ValueError:
            raise ValidationError(_("Type a date, such as 2026-11-30.")) from None
    if found.year < 1000:
        raise ValidationError(_("Type a date, such as 2026-11-30."))
    return found


def _boolean(definition: Definition, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = WORDS.get(str(value).strip().lower())
    if known is None:
        raise ValidationError(_("Choose yes or no."))
    return known


def _choice(definition: Definition, value: Any) -> str:
    text = str(value)
    if not isinstance(value, str | int) or text not in {option.value for option in definition.options}:
        raise ValidationError(_("“%(value)s” is not one of the options.") % {"value": text[:60]})
    return text


def _multi(definition: Definition, value: Any) -> list[str]:
    items = list(value) if isinstance(value, list | tuple | set) else [value]
    chosen = {_choice(definition, item) for item in items}
    return [option.value for option in definition.options if option.value in chosen]


def _money(definition: Definition, value: Any) -> Money:
    amount, currency = value, ""
    if isinstance(value, Money):
        amount, currency = value.amount, value.currency
    elif isinstance(value, dict):
        if set(value) - {"amount", "currency"} or is_blank(value.get("amount")):
            raise ValidationError(_("Give money as an amount and a currency."))
        amount, currency = value["amount"], str(value.get("currency") or "")
    elif isinstance(value, str) and (parts := value.split()) and len(parts) == 2:
        amount, currency = (parts[0], parts[1]) if CURRENCY.fullmatch(parts[1]) else (parts[1], parts[0])
    if not currency:
        from core.money import base_currency

        currency = base_currency()
    if not CURRENCY.fullmatch(currency):
        raise ValidationError(_("Use the three letters of ISO 4217, such as EUR."))
    number = _number(definition, amount).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Money(_number(definition, number), currency)


def _link(definition: Definition, value: Any) -> int:
    value = getattr(value, "pk", value)
    if isinstance(value, dict):
        value = value.get("id")
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 15:
        raise ValidationError(_("Choose a record."))
    return int(text)


def check_link(definition: Definition, pk: int, user: Any) -> None:
    """Demand that the linked record is there, and in the scope of `user` (None: the system). Raises
    ValidationError."""
    if not records.known(definition.ref_type):
        raise ValidationError(_("Choose a record."))
    kind = records.get(definition.ref_type)
    rows = kind.model._default_manager.all() if user is None else kind.visible_to(user)
    if not rows.filter(pk=pk).exists():
        raise ValidationError(_("There is no such record."))


_CLEANERS: dict[CustomKind, Callable[[Definition, Any], Any]] = {
    CustomKind.TEXT: _text(MAX_TEXT),
    CustomKind.LONG_TEXT: _text(MAX_LONG_TEXT),
    CustomKind.NUMBER: _number,
    CustomKind.DATE: _date,
    CustomKind.BOOLEAN: _boolean,
    CustomKind.CHOICE: _choice,
    CustomKind.MULTI: _multi,
    CustomKind.MONEY: _money,
    CustomKind.LINK: _link,
}
