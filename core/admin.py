"""The Django admin for who works here, what they may do, and the organisation's settings."""

from typing import Any

from allauth.usersessions.admin import UserSessionAdmin
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.models import CustomField, ExchangeRate, Organisation, Role, RoleGrant, Tag, Team, User
from core.services.custom_fields import create_custom_field, update_custom_field
from core.services.teams import create_team, move_team
from core.services.users import deactivate_user, invite_user

admin.site.site_header = _("Meridian")
admin.site.site_title = _("Meridian")
admin.site.index_title = _("Settings")


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People. Passwords are set by the person alone: invite them."""

    list_display = ("name", "email", "team", "is_active", "last_login")
    list_filter = ("is_active", "roles", "team")
    search_fields = ("name", "email", "external_id")
    ordering = ("name", "id")
    filter_horizontal = ("roles",)
    fields = (
        "name",
        "email",
        "team",
        "roles",
        "is_active",
        "is_staff",
        "is_superuser",
        "language",
        "time_zone",
    )
    actions = ("invite", "deactivate")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        obj.email = obj.email or None
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # what people did keeps their name: deactivate instead

    @admin.action(description=_("Send an invitation to choose a password"))
    def invite(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            try:
                invite_user(actor=request.user, user=user)
            except ValidationError as error:
                messages.error(request, error.messages[0])
            else:
                messages.success(request, _("%(name)s has been invited.") % {"name": user.name})

    @admin.action(description=_("Deactivate and end all sessions"))
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            try:
                deactivate_user(actor=request.user, user=user)
            except ValidationError as error:
                messages.error(request, error.messages[0])


class TeamForm(forms.ModelForm):
    """Refuses a place inside the team itself."""

    def clean_parent(self) -> Team | None:
        parent: Team | None = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk and parent.path.startswith(self.instance.path):
            raise ValidationError(_("A team can't be put below itself."))
        return parent


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    """The tree of teams; its paths are kept by the services."""

    form = TeamForm
    list_display = ("name", "parent")
    search_fields = ("name",)
    ordering = ("path",)

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        if not change:
            made = create_team(actor=request.user, name=obj.name, parent=obj.parent)
            obj.pk, obj.path = made.pk, made.path
            return
        before = Team.objects.get(pk=obj.pk)
        if before.parent_id != obj.parent_id:
            move_team(actor=request.user, team=before, parent=obj.parent)
            obj.path = before.path
        super().save_model(request, obj, form, change)


class GrantInline(admin.TabularInline):
    """How far the role reaches, one line per record type."""

    model = RoleGrant
    extra = 0
    fields = ("record_type", "view", "add", "change", "remove", "export", "hidden_fields", "read_only_fields")


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    """Roles are rows: edit what each may do."""

    list_display = ("name", "key", "description")
    prepopulated_fields = {"key": ("name",)}
    inlines = (GrantInline,)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """The one organisation."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Organisation.objects.exists() and super().has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False


@admin.register(ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin):
    list_display = ("currency", "date", "rate")
    list_filter = ("currency",)
    date_hierarchy = "date"


@admin.register(CustomField)
class CustomFieldAdmin(admin.ModelAdmin):
    """Definitions with their conditions in full; written by the services that the settings page uses."""

    list_display = ("label", "record_type", "key", "kind", "section", "index_state", "archived_at")
    list_filter = ("record_type", "kind")
    search_fields = ("label", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: CustomField | None = None) -> tuple[str, ...]:
        fixed = ("index_state", "archived_at")
        return (*fixed, "record_type", "key", "kind") if obj is not None else fixed

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=CustomFieldAdminForm, **kwargs)

    def save_model(self, request: HttpRequest, obj: CustomField, form: Any, change: bool) -> None:
        """Nothing: the form has written it, or has said why not."""

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> CustomField:
        return form.written  # type: ignore[no-any-return]

    def has_delete_permission(self, request: HttpRequest, obj: CustomField | None = None) -> bool:
        return False  # archive it: the records keep the values


class CustomFieldAdminForm(forms.ModelForm):
    """Writes by the service while it is cleaned, so that what the service refuses is said beside the field."""

    written: CustomField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            with transaction.atomic():
                self.written = self._write(data)
        except ValidationError as error:
            errors = (
                error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            )
            for name, texts in errors.items():
                self.add_error(name if name in self.fields else None, texts)
        return data

    def _write(self, data: dict[str, Any]) -> CustomField:
        if self.instance.pk:
            field = CustomField.objects.get(pk=self.instance.pk)
            changes = {name: data[name] for name in self.changed_data}
            return update_custom_field(actor=None, field=field, changes=changes)
        return create_custom_field(actor=None, **data)

    def save(self, commit: bool = True) -> CustomField:
        return self.written


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ("name", "colour")
    search_fields = ("name",)


admin.site.unregister(UserSession)


@admin.register(UserSession)
class SessionAdmin(UserSessionAdmin):
    """Who is signed in where; found by name and address, as people here have no user name."""

    search_fields = ("user__name", "user__email", "ip")
