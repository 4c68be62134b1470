"""Links to other records in API bodies: read as `{"id": 3, "name": "Proposal"}`, written as the id."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.registries import aliases
from core.scope.access import profile_for
from core.scope.fields import is_in_sight

REFERENCE = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
    "nullable": True,
}


@extend_schema_field(REFERENCE)
class Reference(serializers.PrimaryKeyRelatedField[Any]):
    """A record by id, of those that the caller may see: a foreign id out of scope is as unknown as a wrong
    one. `Reference(queryset=Company.objects.all())` to write, `Reference(read_only=True)` to read only."""

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        request = self.context.get("request")
        if rows is None or request is None or not hasattr(rows, "visible_to"):
            return rows
        return rows.visible_to(request.user)

    def use_pk_only_optimization(self) -> bool:
        return False

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and "id" in data:
            data = data["id"]
        data = self._live(data)
        return super().to_internal_value(data)

    def _live(self, data: Any) -> Any:
        """An old id means the record it was merged into."""
        rows = self.get_queryset()
        record_type = getattr(getattr(rows, "model", None), "record_type", "")
        number = str(data)
        return aliases.live_id(record_type, int(number)) if record_type and number.isdecimal() else data

    def to_representation(self, value: Any) -> dict[str, Any] | None:
        """None for a record that the caller may not see: a link tells nobody of it."""
        request = self.context.get("request")
        if request is not None and not is_in_sight(value, profile_for(request.user)):
            return None
        return {"id": value.pk, "name": str(value)}
