"""What administrators set for contacts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from contacts.models import MergeRule, RelationshipKind


@admin.register(MergeRule)
class MergeRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Which value of a field a merge proposes."""

    list_display = ("record_type", "field", "policy")
    list_filter = ("record_type",)


@admin.register(RelationshipKind)
class RelationshipKindAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """How people may stand to each other. A kind that is used is switched off, not deleted."""

    list_display = ("name", "inverse_name", "is_symmetric", "is_hierarchy", "is_active", "position")
    ordering = ("position", "pk")
    prepopulated_fields = {"key": ("name",)}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(super().has_delete_permission(request, obj)) and (
            obj is None or not obj.relationships.exists()
        )
