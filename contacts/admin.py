"""What administrators set for contacts."""

from django.contrib import admin

from contacts.models import MergeRule


@admin.register(MergeRule)
class MergeRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Which value of a field a merge proposes."""

    list_display = ("record_type", "field", "policy")
    list_filter = ("record_type",)
