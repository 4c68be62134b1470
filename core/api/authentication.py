"""Who calls the API: a bearer token, or the browser session with its CSRF token."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from core.models import ApiToken, User
from core.scope.access import profile_for
from core.services.tokens import digest_of


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer crm_…`; the token's scopes narrow what its owner may do. Who sends no `Accept-Language`
    is answered in the owner's language."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        kind, _separator, value = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        now = timezone.now()
        token = (
            ApiToken.objects.select_related("user__team")
            .filter(
                Q(expires_at__isnull=True) | Q(expires_at__gt=now),
                digest=digest_of(value.strip()),
                revoked_at=None,
            )
            .first()
        )
        if token is None or not token.user.is_active:
            raise AuthenticationFailed(_("This token is not valid. Make a new one on your profile page."))
        if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=5):
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        user = token.user
        user._access_profile = profile_for(user).limited_to(token.scopes)
        _speak_to(user, request)
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _speak_to(user: User, request: Request) -> None:
    """Answer in the language that the caller asks for by `Accept-Language`, or else in that of the token's owner. The
    middleware around the request ends it."""
    asked = request.headers.get("Accept-Language", "").strip()
    if user.language and asked in ("", "*"):
        translation.activate(user.language)


class CsrfSessionAuthentication(SessionAuthentication):
    """The browser's session; unsafe methods need the CSRF token as everywhere."""


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How OpenAPI describes the tokens."""

    target_class = "core.api.authentication.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How OpenAPI describes the browser's session."""

    target_class = "core.api.authentication.CsrfSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
