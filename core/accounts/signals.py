"""Sessions end when the ways of signing in change: every other session of the person is closed."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest

from core.models import User
from core.services.users import end_sessions


@receiver([password_changed, password_set, authenticator_added, authenticator_removed, authenticator_reset])
def end_other_sessions(request: HttpRequest, user: User, **kwargs: Any) -> None:
    end_sessions(actor=user, user=user, keep=request.session.session_key or "")


@receiver(password_reset)
def end_all_sessions(request: HttpRequest, user: User, **kwargs: Any) -> None:
    end_sessions(actor=user, user=user)
