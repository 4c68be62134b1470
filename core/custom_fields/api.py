"""Custom fields in the API: an object `custom`, typed, with problems that name the key."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from core.custom_fields.cache import visible_definitions
from core.custom_fields.definition import Definition
from core.custom_fields.names import is_custom, key_of
from core.custom_fields.values import Money, check_link, clean_value, read
from core.enums import CustomKind
from core.scope.access import profile_for

SCHEMAS: dict[CustomKind, dict[str, Any]] = {
    CustomKind.TEXT: {"type": "string", "maxLength": 500},
    CustomKind.LONG_TEXT: {"type": "string", "maxLength": 20_000},
    CustomKind.NUMBER: {"type": "number"},
    CustomKind.DATE: {"type": "string", "format": "date"},
    CustomKind.BOOLEAN: {"type": "boolean"},
    CustomKind.CHOICE: {"type": "string"},
    CustomKind.MULTI: {"type": "array", "items": {"type": "string"}},
    CustomKind.MONEY: {
        "type": "object",
        "properties": {"amount": {"type": "number"}, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}},
        "required": ["amount"],
    },
    CustomKind.LINK: {"type": "integer", "description": "The id of the linked record."},
}


class CustomObject(serializers.Field):
    """`{"key": value}` of the custom fields that the caller may see. PATCH changes the keys it names; null
    takes a value away."""

    def __init__(self, record_type: str, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.record_type = record_type

    def get_attribute(self, instance: Any) -> Any:
        return instance.custom or {}  # never null: an object without keys

    def to_representation(self, value: Any) -> dict[str, Any]:
        return {key: plain(read(one, value)) for key, one in self.definitions().items()}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError({"": [_("Give an object of values by key.")]})
        known, user = self.writable(), self.context["request"].user
        values, errors = {}, {}
        for key, raw in data.items():
            one = known.get(str(key))
            if one is None:
                errors[str(key)[:60]] = [_("There is no such field to write.")]
                continue
            try:
                values[key] = _typed(one, raw, user)
            except ValidationError as error:
                errors[key] = list(error.messages)
        if errors:
            raise serializers.ValidationError(errors)
        return values

    def nothing(self) -> dict[str, Any]:
        """Every field that the caller may write, without a value: what is required of a new record."""
        return dict.fromkeys(self.writable())

    def definitions(self) -> dict[str, Definition]:
        request = self.context.get("request")
        profile = profile_for(request.user) if request is not None else None
        return visible_definitions(self.record_type, profile)

    def writable(self) -> dict[str, Definition]:
        shut = profile_for(self.context["request"].user).read_only_fields(self.record_type)
        return {
            key: one for key, one in self.definitions().items() if one.is_written and one.name not in shut
        }


def _typed(one: Definition, raw: Any, user: Any) -> Any:
    """A value of JSON's own type: `"12"` is no number, 1 is no yes. Raises ValidationError."""
    if raw is None:
        return None
    types: dict[CustomKind, tuple[type, ...]] = {
        CustomKind.NUMBER: (int, float),
        CustomKind.BOOLEAN: (bool,),
        CustomKind.MULTI: (list,),
        CustomKind.MONEY: (dict,),
        CustomKind.LINK: (int,),
    }
    wanted = types.get(one.kind, (str,))
    if not isinstance(raw, wanted) or (isinstance(raw, bool) and bool not in wanted):
        kind = SCHEMAS[one.kind]["type"]
        raise ValidationError(_("Give a value of the type “%(type)s”.") % {"type": kind})
    value = clean_value(one, raw)
    if one.kind == CustomKind.LINK and value is not None:
        check_link(one, value, user)
    return value


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Money):
        return {"amount": plain(value.amount), "currency": value.currency}
    return value.isoformat() if hasattr(value, "isoformat") else value


def problems_by_key(errors: dict[str, Any]) -> dict[str, Any]:
    """A service's errors with those of custom fields gathered under `custom`, by key."""
    mine = {key_of(name): texts for name, texts in errors.items() if is_custom(name)}
    others = {name: texts for name, texts in errors.items() if not is_custom(name)}
    return {**others, "custom": mine} if mine else others


def schema_of(one: Definition) -> dict[str, Any]:
    """A field as OpenAPI describes it."""
    schema = {**SCHEMAS[one.value_kind], "nullable": True, "title": one.label}
    if one.help_text:
        schema["description"] = one.help_text
    if one.value_kind == CustomKind.CHOICE:
        schema["enum"] = [*(value for value, _label in one.offered), None]
    if one.value_kind == CustomKind.MULTI:
        schema["items"] = {"type": "string", "enum": [value for value, _label in one.offered]}
    return {**schema, "readOnly": True} if not one.is_written else schema


class CustomObjectSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Describes the fields that the reader of the description may see."""

    target_class = CustomObject

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        field: CustomObject = self.target
        reader = getattr(field.context.get("request"), "user", None)
        if reader is None or not reader.is_authenticated:
            return {"type": "object", "additionalProperties": True}
        properties = {key: schema_of(one) for key, one in field.definitions().items()}
        # open, because an administrator may add a field after a program has read this; unknown keys are refused
        return {"type": "object", "properties": properties, "additionalProperties": True}
