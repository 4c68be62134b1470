"""People who use the CRM: inviting, deactivating, ending sessions."""

from functools import partial
from importlib import import_module
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.models import Role, User
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
    return bool(User.objects.filter(is_active=True, email__isnull=False).exclude(password="").exists())


@service
def invite_user(*, actor: Any, user: User) -> None:
    """Send the person a link to choose a password. Raises ValidationError without an e-mail address.

    It is in the person's own language where that is known, else in the inviter's.
    The link is good for three days (PASSWORD_RESET_TIMEOUT) and until a password is set.
    """
    if not user.email:
        raise ValidationError(
            _("%(name)s has no e-mail address to send the invitation to.") % {"name": user.name}
        )
    if not user.is_active:
        raise ValidationError(_("%(name)s is deactivated. Activate the account first.") % {"name": user.name})
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    context = {"user": user, "inviter": actor, "link": settings.PUBLIC_URL + path.replace("UID-KEY", key)}
    with translation.override(user.language or translation.get_language()):
        subject, body = _("Your account in Meridian"), render_to_string("core/mail/invitation.txt", context)
    address = user.email
    transaction.on_commit(partial(send_mail, subject, body, None, [address]))


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
def take_second_factor(*, actor: Any, user: User) -> bool:
    """Let somebody who lost their telephone sign in with the password alone, and end their sessions, as who found
    it may be in one of them. Recovery codes go too. False for somebody without a second factor."""
    gone, _rows = Authenticator.objects.filter(user=user).delete()
    if gone:
        end_sessions(actor=actor, user=user)
    return bool(gone)


@service
def update_profile(
    *, actor: Any, name: str, language: str, time_zone: str, preferences: dict[str, Any]
) -> User:
    """Set what a person may say about themselves; None takes a preference away. Raises ValidationError by field."""
    user: User = User.objects.select_for_update().get(pk=actor.pk)
    values = {"name": name, "language": language, "time_zone": time_zone}
    for field, value in values.items():
        setattr(user, field, value)
    merged = {**user.preferences, **preferences}
    user.preferences = {key: value for key, value in merged.items() if value is not None}
    user.full_clean(exclude={one.name for one in user._meta.fields} - set(values))
    user.save(update_fields=[*values, "preferences", "updated_at"])
    return user


@service
def set_preference(*, actor: Any, name: str, value: Any) -> None:
    """Keep one of a person's own settings of the screen."""
    preferences = {**actor.preferences, name: value}
    User.objects.filter(pk=actor.pk).update(preferences=preferences)
    actor.preferences = preferences
