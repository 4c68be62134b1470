"""Queues and service levels in the Django admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from service.forms.service_levels import BOXES, ServiceLevelForm
from service.models import Queue, SlaPolicy, SurveySettings


@admin.register(Queue)
class QueueAdmin(admin.ModelAdmin):
    """Queues. One that has had tickets stays: its history names it."""

    list_display = ("name", "mailbox", "address", "team", "policy", "is_default", "on_help_page")
    list_filter = ("on_help_page", "team")
    search_fields = ("name", "mailbox", "address")
    prepopulated_fields = {"mailbox": ("name",)}
    fields = (
        "name",
        "mailbox",
        "address",
        "team",
        "policy",
        "is_default",
        "on_help_page",
        "confirm_mail",
        "signature",
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SlaPolicy)
class SlaPolicyAdmin(admin.ModelAdmin):
    """Service levels: minutes by priority, opening hours, holidays."""

    form = ServiceLevelForm
    list_display = ("name", "time_zone")
    search_fields = ("name",)
    fieldsets = BOXES

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One that queues work to stays, as do the deadlines that it set."""
        return bool(super().has_delete_permission(request, obj)) and (
            obj is None or not Queue.objects.filter(policy=obj).exists()
        )


@admin.register(SurveySettings)
class SurveySettingsAdmin(admin.ModelAdmin):
    """Whether and when customers are asked how satisfied they are: one row."""

    list_display = ("__str__", "delay_hours", "link_days", "rest_days")
    fields = ("is_on", "delay_hours", "link_days", "rest_days")

    def save_model(self, request: HttpRequest, obj: SurveySettings, form: Any, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not SurveySettings.objects.exists() and super().has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
