"""Everything that is kept about a person, for an access request (Article 15 of the GDPR).

Driven by the registry: every model with personal data says which of its rows are about a contact, and its
classification says which fields the person is told.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import FileField, Model
from django.utils import timezone

from core.custom_fields.privacy import personal_values
from core.privacy.classes import Classification
from core.registries import privacy


def export_person(contact_id: int) -> dict[str, Any]:
    """What is kept about a contact, as plain JSON: `{"contact", "exported_at", "data": {model: [row, …]}}`.

    Each row holds its id, when it was written and every field that its classification exports; links are
    given in words. Files are named with size and digest; their bytes are handed out by the record's page.
    """
    data: dict[str, list[dict[str, Any]]] = {}
    for source in privacy.sources():
        names = exported_fields(source.model)
        rows = source.rows(contact_id).order_by("pk") if names else []
        found = [_row(row, names) for row in rows]
        if found:
            data[source.model._meta.label] = found
    return {"contact": contact_id, "exported_at": timezone.now().isoformat(), "data": data}


def exported_fields(model: type[Model]) -> list[str]:
    """The fields of a model that an access request contains, in the model's order."""
    table: dict[str, Classification] = model.privacy  # type: ignore[attr-defined]
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [field.name for field in fields if field.name in table and table[field.name].exported]


def _row(record: Model, names: list[str]) -> dict[str, Any]:
    values = {name: _plain(record, name) for name in names}
    written = getattr(record, "created_at", None)
    return {"id": record.pk, **({"written": _value(written)} if written else {}), **values}


def _plain(record: Model, name: str) -> Any:
    field = record._meta.get_field(name)
    if name in getattr(record, "history_by_key", ()):
        return personal_values(record)
    if field.many_to_many:
        return [str(item) for item in getattr(record, name).all()]
    if isinstance(field, FileField):
        return getattr(record, name).name or None
    return _value(getattr(record, name))


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)
