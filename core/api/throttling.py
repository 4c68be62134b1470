"""How often a token (or a session's person) may call."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class TokenRateThrottle(SimpleRateThrottle):
    """Counts by token, else by user, else by address."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str:
        if request.auth is not None:
            return f"throttle:token:{request.auth.pk}"
        if request.user and request.user.is_authenticated:
            return f"throttle:user:{request.user.pk}"
        return f"throttle:address:{self.get_ident(request)}"
