"""Pipelines with their stages, and targets, in the settings."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sales.models import Pipeline, Quota, Stage


class StageInline(admin.TabularInline):  # type: ignore[type-arg]
    """The stages in order. One with deals in it stays: move the deals first."""

    model = Stage
    fields = ("position", "name", "probability", "rot_days", "outcome")
    ordering = ("position", "pk")
    extra = 0

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(super().has_delete_permission(request, obj)) and (obj is None or not obj.deals.exists())


@admin.register(Pipeline)
class PipelineAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Ways of selling. One with deals is switched off, not deleted."""

    list_display = ("name", "position", "is_default", "is_active")
    ordering = ("position", "pk")
    inlines = (StageInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(super().has_delete_permission(request, obj)) and (obj is None or not obj.deals.exists())


@admin.register(Quota)
class QuotaAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Targets of people, teams and everybody."""

    list_display = ("whose", "period", "starts_on", "amount", "currency")
    list_filter = ("period", "team")
    date_hierarchy = "starts_on"
    ordering = ("-starts_on", "pk")
    autocomplete_fields = ("user",)

    @admin.display(description=_("whose"))
    def whose(self, obj: Quota) -> str:
        return str(obj.user or obj.team or _("Everybody"))

    def save_model(self, request: HttpRequest, obj: Quota, form: Any, change: bool) -> None:
        if obj.user is not None:
            obj.team = obj.user.team
        super().save_model(request, obj, form, change)
