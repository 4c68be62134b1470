"""People who use the CRM, their teams, and where they are signed in."""

from typing import Any

from allauth.usersessions import admin as sessions_admin
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms.accounts import zone_choices
from core.models import Team, User
from core.services.teams import create_team, move_team
from core.services.users import deactivate_user, end_sessions, invite_user, take_second_factor


class UserForm(forms.ModelForm):
    """A person, with one switch for the settings (who may open them may change all of them), and an invitation
    that goes out as the person is added."""

    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("The browser's")), *settings.LANGUAGES]
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=zone_choices)
    is_staff = forms.BooleanField(
        label=_("May open these settings"),
        required=False,
        help_text=_("Sees and changes everything, in the CRM too, whatever the roles say."),
    )
    invite = forms.BooleanField(
        label=_("Send an invitation to choose a password"), required=False, initial=True
    )
    acting: User

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.instance.pk and self.instance.pk == self.acting.pk:
            for name in ("is_staff", "is_active"):
                if not data.get(name):
                    self.add_error(name, _("You can't take this away from yourself."))
        return data


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """People. Passwords are set by the person alone: invite them."""

    form = UserForm
    list_display = ("name", "email", "team", "role_names", "signing_in", "last_login")
    list_filter = ("is_active", "roles", "team")
    search_fields = ("name", "email", "external_id")
    ordering = ("name", "id")
    filter_horizontal = ("roles",)
    fields = ("name", "email", "team", "roles", "is_active", "is_staff", "language", "time_zone")
    actions = ("invite", "deactivate", "end_all_sessions", "take_factor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).select_related("team").prefetch_related("roles")

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return self.fields if obj else (*self.fields, "invite")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type("UserForm", (form,), {"acting": request.user})

    @admin.display(description=_("roles"))
    def role_names(self, obj: User) -> str:
        return ", ".join(role.name for role in obj.roles.all())

    @admin.display(description=_("signs in"), ordering="is_active")
    def signing_in(self, obj: User) -> str:
        if not obj.is_active:
            return gettext("Deactivated")
        if not obj.email:
            return gettext("No: without an e-mail address")
        return gettext("Yes") if obj.has_usable_password() else gettext("Not yet: no password chosen")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        obj.email = obj.email or None
        obj.is_superuser = obj.is_staff
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data and not obj.is_active:
            end_sessions(actor=request.user, user=obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change and form.cleaned_data.get("invite") and form.instance.email:
            self.invite(request, User.objects.filter(pk=form.instance.pk))

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
            else:
                messages.success(request, _("%(name)s has been deactivated.") % {"name": user.name})

    @admin.action(description=_("Sign out everywhere"))
    def end_all_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            end_sessions(actor=request.user, user=user, keep=request.session.session_key or "")
            messages.success(request, _("%(name)s is signed out everywhere.") % {"name": user.name})

    @admin.action(description=_("Take away the second factor (telephone lost)"))
    def take_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            if take_second_factor(actor=request.user, user=user):
                text = _("%(name)s signs in with the password alone until a new second factor is set up.")
                messages.success(request, text % {"name": user.name})
            else:
                messages.info(request, _("%(name)s has no second factor.") % {"name": user.name})


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


admin.site.unregister(sessions_admin.UserSession)


@admin.register(UserSession)
class SessionAdmin(admin.ModelAdmin):
    """Who is signed in where; found by name and address, as people here have no user name."""

    list_display = ("user", "created_at", "last_seen_at", "ip", "user_agent")
    list_display_links = None
    search_fields = ("user__name", "user__email", "ip")
    ordering = ("-last_seen_at",)
    actions = ("end",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a row that is gone would leave the session open: end it

    @admin.action(description=_("End these sessions"))
    def end(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> None:
        for session in queryset.select_related("user"):
            session.end()
        messages.success(request, _("The sessions have been ended."))
