"""Personal API tokens."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.models import ApiToken, User
from core.services.base import service

PREFIX = "crm_"


def digest_of(token: str) -> str:
    """What is kept of a token: its SHA-256 (a token has 256 random bits, so no salt is needed)."""
    return hashlib.sha256(token.encode()).hexdigest()


@service
def create_token(
    *,
    actor: Any,
    user: User,
    name: str,
    scopes: Sequence[str] = ("*:read", "*:write"),
    expires_at: datetime | None = None,
) -> str:
    """Make a token for `user` and return it; it can't be read again."""
    token = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user,
        name=name,
        prefix=token[:10],
        digest=digest_of(token),
        scopes=list(scopes),
        expires_at=expires_at,
    )
    return token


@service
def revoke_token(*, actor: Any, token: ApiToken) -> None:
    """From now on the token opens nothing."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at", "updated_at"])
