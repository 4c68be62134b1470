"""Custom values of a person: those classified as personal are told and erased, and so is everything whose
definition does not say that it is not."""

from typing import Any

from django.db.models import QuerySet

from core.custom_fields.words import in_words
from core.models import CustomField


def _definitions(record_type: str) -> dict[str, CustomField]:
    """All of them, archived ones too: their values are still there."""
    return {row.key: row for row in CustomField.objects.filter(record_type=record_type)}


def personal_values(record: Any) -> dict[str, Any]:
    """What an access request is told, by label; links in words."""
    from core.custom_fields.definition import definition_of

    known = _definitions(record.record_type)
    told: dict[str, Any] = {}
    for key, value in (record.custom if isinstance(record.custom, dict) else {"": record.custom}).items():
        row = known.get(key.partition("~")[0])
        if row is None:
            told[key] = value
        elif row.personal:
            told[row.label if key == row.key else key] = (
                in_words(definition_of(row), value, None) if row.kind == "link" else value
            )
    return {label: value for label, value in told.items() if value not in (None, {}, [])}


def erase_personal_values(rows: QuerySet[Any]) -> None:
    """Take away every value but those of fields that are classified as not personal."""
    kept = {key for key, row in _definitions(rows.model.record_type).items() if not row.personal}
    for pk, custom in list(rows.values_list("pk", "custom")):
        held = custom if isinstance(custom, dict) else {}
        left = {key: value for key, value in held.items() if key in kept}
        if left != custom:
            rows.model._base_manager.filter(pk=pk).update(custom=left)
