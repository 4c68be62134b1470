"""Custom fields in forms: an input for each kind, the rules for the script, and what was typed by key."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.custom_fields.cache import visible_definitions
from core.custom_fields.definition import Definition
from core.custom_fields.names import is_custom, key_of
from core.custom_fields.rules import for_browser
from core.custom_fields.values import Money, clean_value, read, stored
from core.custom_fields.words import in_words
from core.enums import CustomKind
from core.registries import records
from core.scope.access import profile_for


class MoneyWidget(forms.MultiWidget):
    """An amount and its currency."""

    def __init__(self, currencies: list[str], label: str = "") -> None:
        choices = [(code, code) for code in currencies]
        # the field's label stands for both boxes, so each says itself what it is
        amount = {"step": "0.01", "inputmode": "decimal", "aria-label": label or _("Amount")}
        super().__init__(
            {
                "amount": forms.NumberInput(attrs=amount),
                "currency": forms.Select(choices=choices, attrs={"aria-label": _("Currency")}),
            }
        )

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, Money):
            return [value.amount, value.currency]
        return [value, None]


class MoneyField(forms.MultiValueField):
    """Cleans to `Money`, or None without an amount."""

    def __init__(self, *, currencies: list[str], **kwargs: Any) -> None:
        amount = forms.DecimalField(max_digits=15, decimal_places=2, required=False)
        currency = forms.ChoiceField(choices=[(code, code) for code in currencies], required=False)
        super().__init__(
            fields=(amount, currency),
            require_all_fields=False,
            widget=MoneyWidget(currencies, str(kwargs.get("label") or "")),
            **kwargs,
        )

    def compress(self, data_list: list[Any]) -> Money | None:
        if not data_list or data_list[0] in (None, ""):
            return None
        return Money(Decimal(data_list[0]), data_list[1] or self.widget.widgets[1].choices[0][0])

    def clean(self, value: Any) -> Any:
        given = value if isinstance(value, list) else [None, None]
        if given[0] in (None, ""):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        return super().clean(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python_or_none(data) != (initial or None))
        except ValidationError:
            return True

    def to_python_or_none(self, data: Any) -> Any:
        return None if not data or data[0] in (None, "") else super().clean(data)


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or nothing said."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("", "—"), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]
        super().__init__(
            choices=choices, coerce=lambda value: str(value).lower() == "true", empty_value=None, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return str(value).lower() if isinstance(value, bool) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def add_custom_fields(form: Any, record_type: str, user: Any, *, carrier: str = "version") -> None:
    """Give a record's form an input for each custom field that the person may see. Required is demanded by
    the service, which knows the conditions; the inputs only say so. The hidden field `carrier` brings the
    conditions to the script. A form without an instance makes a new record."""
    found = visible_definitions(record_type, profile_for(user))
    instance = getattr(form, "instance", None)
    is_saved = instance is not None and bool(instance.pk)
    held = instance.custom if instance is not None and is_saved else {}
    for one in found.values():
        if not one.is_written:
            continue
        current = read(one, held)
        field = _field(one, current)
        if is_saved:
            form.initial[one.name] = current
        elif one.name not in form.initial and one.default is not None:
            form.initial[one.name] = clean_value(one, one.default)
        field.required = False
        if one.required:
            field.widget.attrs["aria-required"] = "true"
            field.label = f"{one.label} *"
        form.fields[one.name] = field
    rules = for_browser({key: one for key, one in found.items() if one.name in form.fields})
    if rules and carrier in form.fields:
        form.fields[carrier].widget.attrs["data-field-rules"] = json.dumps(rules)


def gathered(values: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned values of a form with those of custom fields put under `custom`, by key."""
    plain = {name: value for name, value in values.items() if not is_custom(name)}
    custom = {key_of(name): value for name, value in values.items() if is_custom(name)}
    return {**plain, "custom": custom} if custom else plain


def _field(one: Definition, current: Any) -> forms.Field:
    shared: dict[str, Any] = {"label": one.label, "help_text": one.help_text, "required": False}
    match one.kind:
        case CustomKind.LONG_TEXT:
            return forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}), **shared)
        case CustomKind.NUMBER:
            return forms.DecimalField(
                max_digits=15, widget=forms.NumberInput(attrs={"step": "any"}), **shared
            )
        case CustomKind.DATE:
            return forms.DateField(**shared)
        case CustomKind.BOOLEAN:
            return YesNoField(**shared)
        case CustomKind.CHOICE:
            return forms.ChoiceField(choices=[("", "—"), *_choices(one, current)], **shared)
        case CustomKind.MULTI:
            return forms.MultipleChoiceField(
                choices=_choices(one, current), widget=forms.CheckboxSelectMultiple, **shared
            )
        case CustomKind.MONEY:
            from core.money import currencies

            return MoneyField(currencies=currencies(), **shared)
        case CustomKind.LINK if records.known(one.ref_type):
            rows = records.get(one.ref_type).model._default_manager.all()
            return forms.ModelChoiceField(rows, **shared)
    return forms.CharField(max_length=500, **shared)


def _choices(one: Definition, current: Any) -> list[tuple[str, str]]:
    """What is on offer, and what the record has already: a retired option may stay where it stands."""
    held = current if isinstance(current, list) else [current]
    return [(o.value, o.label) for o in one.options if not o.retired or o.value in held]


def conflict_words(record: Any, name: str, yours: Any, user: Any) -> tuple[str, str]:
    """A custom field in which a saved record and a form differ, in words: what is saved, what was typed."""
    one = visible_definitions(record.record_type, profile_for(user)).get(key_of(name))
    if one is None:
        return "", ""
    typed = stored(one, clean_value(one, yours))
    return in_words(one, record.custom.get(one.key), user), in_words(one, typed, user)
