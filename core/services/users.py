"""People who use the CRM: inviting, deactivating, ending sessions."""

from importlib import import_module
from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.models import Role, Team, User
from core.services.base import service


@service
def create_first_admin(*, actor: Any, email: str, name: str, password: str) -> User:
    """The first person of an empty installation. Raises ValidationError once anybody can log in.

    The lock makes two people who open the page at once end with one administrator.
    """
    from core.services.setup import ensure_defaults

    ensure_defaults(actor=None)
    Role.objects.select_for_update().get(key="admin")
    if has_logins():
        raise ValidationError(_("This installation has its first administrator already. Sign in instead."))
    user = User(email=email, name=name, is_staff=True, is_superuser=True)
    user.set_password(password)
    user.full_clean()
    user.save()
    user.roles.add(Role.objects.get(key="admin"))
    return user


def has_logins() -> bool:
    """Whether anybody could sign in: while nobody can, `/setup/` makes the first administrator."""
    return User.objects.filter(is_active=True, email__isnull=False).exclude(password="").exists()


@service
def invite_user(*, actor: Any, user: User, request: HttpRequest) -> None:
    """Send the person a link to choose a password. Raises ValidationError without an e-mail address."""
    if not user.email:
        raise ValidationError(
            _("%(name)s has no e-mail address to send the invitation to.") % {"name": user.name}
        )
    if not user.is_active:
        raise ValidationError(_("%(name)s is deactivated. Activate the account first.") % {"name": user.name})
    if not user.has_usable_password():
        user.set_password(None)
        user.save(update_fields=["password", "updated_at"])
    form = ResetPasswordForm(data={"email": user.email})
    if form.is_valid():
        transaction.on_commit(lambda: form.save(request))


@service
def deactivate_user(*, actor: Any, user: User) -> None:
    """The account can't be used from now on; its sessions end, its records stay."""
    if actor is not None and actor.pk == user.pk:
        raise ValidationError(_("You can't deactivate yourself."))
    user.is_active = False
    user.save(update_fields=["is_active", "updated_at"])
    end_sessions(actor=actor, user=user)


@service
def end_sessions(*, actor: Any, user: User, keep: str = "") -> int:
    """Close the person's sessions (all but the one with the key `keep`); returns how many there were."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    others = UserSession.objects.filter(user=user).exclude(session_key=keep)
    keys = list(others.values_list("session_key", flat=True))
    for key in keys:
        store(session_key=key).delete()
    others.delete()
    return len(keys)


@service
def set_team(*, actor: Any, user: User, team: Team | None) -> None:
    """Move a person to a team; the records stay with the team they are in."""
    user.team = team
    user.save(update_fields=["team", "updated_at"])
